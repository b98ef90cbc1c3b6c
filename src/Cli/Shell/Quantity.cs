namespace PretrainBench.Cli.Shell;

/// <summary>Numbers as a person reads them.</summary>
internal static class Quantity
{
    /// <summary>A count with a suffix: 950, 12.3k, 4.90M, 1.20B.</summary>
    /// <param name="value">The count.</param>
    public static string Count(double value) => Math.Abs(value) switch
    {
        < 1e3 => $"{value:0}",
        < 1e6 => Scaled(value / 1e3) + "k",
        < 1e9 => Scaled(value / 1e6) + "M",
        < 1e12 => Scaled(value / 1e9) + "B",
        _ => $"{value:0.00e0}",
    };

    /// <summary>A duration: 42 s, 3 min 20 s, 2 h 05 min.</summary>
    /// <param name="time">The duration.</param>
    public static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => $"{time.TotalSeconds:0.0} s",
        { TotalMinutes: < 1 } => $"{time.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        _ => $"{(long)time.TotalHours} h {time.Minutes:00} min",
    };

    /// <summary>Bytes: 512 B, 13.2 MB, 1.50 GB.</summary>
    /// <param name="bytes">The count.</param>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e3 => $"{bytes:0} B",
        < 1e6 => Scaled(bytes / 1e3) + " kB",
        < 1e9 => Scaled(bytes / 1e6) + " MB",
        _ => Scaled(bytes / 1e9) + " GB",
    };

    private static string Scaled(double value)
        => Math.Abs(value) switch { < 10 => $"{value:0.00}", < 100 => $"{value:0.0}", _ => $"{value:0}" };
}
