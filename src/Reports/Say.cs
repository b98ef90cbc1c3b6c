using System.Globalization;
using PretrainBench.Core.Runs;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports;

/// <summary>Numbers as a report writes them.</summary>
internal static class Say
{
    public const string None = "–";

    public static string Loss(double value) => Fixed(value, 4);

    public static string Signed(double value, int digits) => (value > 0 ? "+" : "") + Fixed(value, digits);

    public static string Fixed(double value, int digits) => !double.IsFinite(value) ? None
        : value.ToString("F" + digits, CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>Three significant digits, plainly or with a power of ten.</summary>
    public static string Three(double value) => Digits(value, 3);

    /// <summary>So many significant digits, plainly or with a power of ten; whole numbers are not cut.</summary>
    public static string Digits(double value, int digits)
    {
        var magnitude = Math.Abs(value);
        if (magnitude is >= 1e5 or (< 1e-3 and > 0)) return Power(value, digits);
        if (value == 0 || !double.IsFinite(value)) return Fixed(value, 0);
        // From the rounded number: 9.9999 has two digits before the point once it is written as 10.0.
        var rounded = value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture);
        var exponent = int.Parse(rounded[(rounded.IndexOf('E', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        return Fixed(value, Math.Max(0, digits - 1 - exponent));
    }

    /// <summary>So many significant digits and a power of ten: 6.47e-5.</summary>
    public static string Power(double value, int digits = 3)
        => double.IsFinite(value) ? (value < 0 ? "−" : "") + Math.Abs(value).ToString("0." + new string('0', digits - 1) + "e0", CultureInfo.InvariantCulture) : None;

    public static string Interval(double low, double high) => $"{Three(low)} to {Three(high)}";

    public static string Percent(double share, int digits = 0) => Fixed(100 * share, digits) + "\u00a0%";

    public static string Count(double value) => TickText.Count(value);

    public static string Size(RunRow row) => Size(row.Size, row.N);

    /// <summary>A size's own label, or its parameters where it has none.</summary>
    public static string Size(string label, double n)
        => label.Length == 0 || double.TryParse(label, CultureInfo.InvariantCulture, out _) ? Count(n) : label;

    public static string List(IReadOnlyList<string> items) => items.Count switch
    {
        0 => "none",
        1 => items[0],
        _ => string.Join(", ", items.Take(items.Count - 1)) + " and " + items[^1],
    };
}
