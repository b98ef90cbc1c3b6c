using System.Globalization;

namespace PretrainBench.Core;

/// <summary>Numbers in messages, terminal tables and CSV: 0.0021, 6.5e-5 and 1.2e9, not 6.5E-05 and 1.2E+09.</summary>
public static class NumberText
{
    /// <summary>What people read for a number that does not exist.</summary>
    public const string None = "-";

    private const double ExactIntegers = 1e15, MostFixed = 1e7;

    /// <summary>A number with so many significant digits, trailing zeros left out: plainly from 0.001 to below a
    /// million, else with an exponent.</summary>
    public static string Rounded(this double value, int digits)
    {
        if (!double.IsFinite(value)) return None;
        if (value == 0) return "0";
        // From the rounded number: 0.00099996 is 0.001 once it is written with three digits.
        var scientific = value.ToString("0." + new string('#', digits - 1) + "e0", CultureInfo.InvariantCulture);
        double rounded = double.Parse(scientific, CultureInfo.InvariantCulture);
        return Math.Abs(rounded) is >= 1e-3 and < 1e6
            ? ((decimal)rounded).ToString("0.############################", CultureInfo.InvariantCulture)
            : scientific;
    }

    /// <summary>The nearest number of six significant digits: what a person reads is what was used.</summary>
    public static double ToSixDigits(this double value)
        => double.Parse(value.ToString("e5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A number with exactly so many significant digits, for columns: plainly from 0.001 to below a hundred
    /// thousand, whole numbers uncut, else with an exponent.</summary>
    public static string Significant(this double value, int digits)
    {
        var magnitude = Math.Abs(value);
        if (magnitude is >= 1e5 or (< 1e-3 and > 0)) return value.Scientific(digits);
        if (!double.IsFinite(value)) return None;
        if (value == 0) return "0";
        // From the rounded number: 9.9999 has two digits before the point once it is written as 10.0.
        var rounded = value.Scientific(digits);
        var exponent = int.Parse(rounded[(rounded.IndexOf('e') + 1)..], CultureInfo.InvariantCulture);
        return value.ToString($"F{Math.Max(0, digits - 1 - exponent)}", CultureInfo.InvariantCulture);
    }

    /// <summary>A number with exactly so many significant digits and an exponent: 6.47e-5.</summary>
    public static string Scientific(this double value, int digits)
        => !double.IsFinite(value) ? None
            : value.ToString("0." + new string('0', digits - 1) + "e0", CultureInfo.InvariantCulture);

    /// <summary>A number with so many decimals; from ten million on three digits and an exponent.</summary>
    public static string Fixed(this double value, int decimals)
        => !(Math.Abs(value) < MostFixed) ? value.Scientific(3)
            : value.ToString("F" + decimals, CultureInfo.InvariantCulture);

    /// <summary>A share in per cent with so many decimals: 12.3 %.</summary>
    public static string Percent(this double share, int decimals = 0)
        => double.IsFinite(share) ? $"{(100 * share).Fixed(decimals)} %" : None;

    /// <summary>A number with all digits needed to read it back; whole ones below 10^15 plainly.</summary>
    public static string Exact(this double value)
        => Math.Abs(value) < ExactIntegers && Math.Floor(value) == value && !double.IsNegative(value)
            ? value.ToString("F0", CultureInfo.InvariantCulture)
            : Readable(value.ToString("R", CultureInfo.InvariantCulture));

    // The exponent without sign and zeros that say nothing.
    private static string Readable(string text)
    {
        int at = text.IndexOf('E', StringComparison.Ordinal);
        return at < 0 ? text : $"{text[..at]}e{int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture)}";
    }
}
