namespace PretrainBench.Reports.Charts;

/// <summary>One mark on an axis.</summary>
/// <param name="Value">Where, in data units.</param>
/// <param name="Label">What is written there; empty for a mark without words.</param>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Chooses tick positions that people can read: 1, 2, 5 times powers of ten, and few of them.</summary>
internal static class Ticks
{
    private static readonly double[][] LogMantissas =
    [
        [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1],
    ];

    private static readonly double[] StepFractions = [1, 2, 5, 10, 20, 50, 100, 200, 500];

    /// <summary>Evenly spaced ticks inside [low, high], at most <paramref name="most"/> of them.</summary>
    public static IReadOnlyList<Tick> Linear(double low, double high, int most, TickFormat format)
    {
        double scale = format == TickFormat.Percent ? 100 : 1;
        var step = NiceStep(low * scale, high * scale, most) / scale;
        List<Tick> ticks = [];
        var first = Math.Ceiling(low / step - 1e-9);
        for (var index = first; index * step <= high + step * 1e-9; index++)
        {
            // Multiplying, not adding, keeps the ticks free of accumulated rounding.
            var value = index * step;
            ticks.Add(new Tick(value, TickText.Format(value, format, step)));
        }
        return ticks;
    }

    /// <summary>Ticks for a logarithmic axis; falls back to evenly spaced values when the range is narrow.</summary>
    public static IReadOnlyList<Tick> Log(double low, double high, int most, TickFormat format)
    {
        var decades = Math.Log10(high / low);
        if (decades < 0.7)
        {
            return Linear(low, high, most, format);
        }
        foreach (var mantissas in LogMantissas)
        {
            var ticks = LogWith(mantissas, low, high, 1, format);
            if (ticks.Count <= most) return ticks;
        }
        return LogWith([1], low, high, (int)Math.Ceiling(decades / Math.Max(1, most - 1)), format);
    }

    private static List<Tick> LogWith(double[] mantissas, double low, double high, int everyDecades, TickFormat format)
    {
        List<Tick> ticks = [];
        var last = (int)Math.Ceiling(Math.Log10(high));
        // One notation along the whole axis: not 5×10⁻⁴ beside 0.001.
        var isPower = format == TickFormat.Number && (low < 1e-3 || high >= 1e6);
        for (var exponent = (int)Math.Floor(Math.Log10(low)); exponent <= last; exponent++)
        {
            if (exponent % everyDecades != 0) continue;
            foreach (var mantissa in mantissas)
            {
                var value = PowerOfTen(mantissa, exponent);
                if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
                    ticks.Add(new Tick(value, isPower ? TickText.Power(value, 0) : TickText.Format(value, format)));
            }
        }
        return ticks;
    }

    // Parsing gives the double nearest to 2e-5; multiplying 2 by Math.Pow(10, -5) often does not.
    private static double PowerOfTen(double mantissa, int exponent)
        => double.Parse(FormattableString.Invariant($"{mantissa}e{exponent}"),
            System.Globalization.CultureInfo.InvariantCulture);

    // The finest of 1, 2 and 5 times a power of ten that gives no more ticks than fit.
    private static double NiceStep(double low, double high, int most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / Math.Max(1, most))) - 1);
        foreach (var fraction in StepFractions)
        {
            var step = fraction * power;
            if (Math.Floor(high / step + 1e-9) - Math.Ceiling(low / step - 1e-9) + 1 <= most) return step;
        }
        return high - low;
    }
}
