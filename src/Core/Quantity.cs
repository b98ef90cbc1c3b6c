using System.Globalization;

namespace PretrainBench.Core;

/// <summary>Counts, bytes and durations as a person reads them, on a terminal and on a page.</summary>
public static class Quantity
{
    private const double MostScaled = 1e16;

    /// <summary>A count with at most three significant digits and k, M, B or T: 950, 12.3k, 4.9M, 134M, 1.2B.</summary>
    public static string Count(double value) => Scaled(value, ["", "k", "M", "B", "T"]);

    /// <summary>Reads a number that may end in K (or k), M, B or T: 4096, 1e9, 4.9M, 1.2B.</summary>
    public static bool TryParse(string text, out double number)
    {
        var unit = text.Length < 2 ? ' ' : text[^1];
        var scale = unit switch { 'K' or 'k' => 1e3, 'M' => 1e6, 'B' => 1e9, 'T' => 1e12, _ => 1 };
        var digits = (scale == 1 ? text : text[..^1]).Replace("_", "");
        var parsed = double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
        // 4.9 × 1e6 is not exact in binary; counts are whole, so the nearest whole number is what was meant.
        number = scale == 1 ? number : Math.Round(number * scale, 3);
        return parsed;
    }

    /// <summary>Bytes: 512 B, 13.2 MB, 1.5 GB.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, [" B", " kB", " MB", " GB", " TB"]);

    /// <summary>A duration: 4.2 s, 42 s, 3 min 20 s, 2 h 05 min.</summary>
    public static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => $"{time.TotalSeconds:0.0} s",
        { TotalMinutes: < 1 } => $"{time.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        _ => $"{(long)time.TotalHours} h {time.Minutes:00} min",
    };

    private static string Scaled(double value, ReadOnlySpan<string> units)
    {
        if (!(Math.Abs(value) < MostScaled)) return value.Rounded(3);
        var thousands = 0;
        // From the rounded number: 999.7 thousand is 1 million once it is written with three digits.
        for (; Math.Abs(value) >= 999.5 && thousands < units.Length - 1; thousands++) value /= 1000;
        var pattern = Math.Abs(value) switch { < 9.995 => "0.##", < 99.95 => "0.#", _ => "0" };
        return value.ToString(pattern, CultureInfo.InvariantCulture) + units[thousands];
    }
}
