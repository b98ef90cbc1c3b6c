using System.Globalization;
using PretrainBench.Core;
using PretrainBench.Core.Runs;

namespace PretrainBench.Reports;

/// <summary>Numbers as a report writes them.</summary>
internal static class Say
{
    public const string None = "–";

    public static string Loss(double value) => Fixed(value, 4);

    public static string Signed(double value, int digits)
        // Zero, as far as it is shown, has no sign.
        => Math.Round(value, digits) == 0 ? Fixed(0, digits) : (value > 0 ? "+" : "") + Fixed(value, digits);

    /// <summary>Tokens beside those of another: <c>12 % fewer tokens</c>.</summary>
    /// <param name="share">One's tokens over the other's.</param>
    public static string Tokens(double share, int digits = 0)
        => Math.Round(100 * (share - 1), digits) == 0 ? "as many tokens"
            : $"{Percent(Math.Abs(share - 1), digits)} {(share < 1 ? "fewer" : "more")} tokens";

    public static string Fixed(double value, int digits)
        => Typeset(value, value.Fixed(digits));

    /// <summary>Three significant digits, plainly or with a power of ten.</summary>
    public static string Three(double value) => Digits(value, 3);

    /// <summary>So many significant digits, plainly or with a power of ten; whole numbers are not cut.</summary>
    public static string Digits(double value, int digits) => Typeset(value, value.Significant(digits));

    /// <summary>So many significant digits and a power of ten: 6.47e-5.</summary>
    public static string Power(double value, int digits = 3) => Typeset(value, value.Scientific(digits));

    public static string Interval(double low, double high) => $"{Three(low)} to {Three(high)}";

    public static string Percent(double share, int digits = 0) => Fixed(100 * share, digits) + "\u00a0%";

    public static string Count(double value) => Quantity.Count(value);

    /// <summary>Tokens per parameter: two digits where they say it within a hundredth, since whole steps make 4.99 of
    /// 5, else three.</summary>
    public static string Ratio(double value)
        => Digits(value, Math.Abs(double.Parse(value.Scientific(2), CultureInfo.InvariantCulture) / value - 1) < 0.01
            ? 2 : 3);

    public static string Size(RunRow row) => Size(row.Size, row.N);

    /// <summary>A size's own label, or its parameters where it has none.</summary>
    public static string Size(string label, double n)
        => label.Length == 0 || double.TryParse(label, CultureInfo.InvariantCulture, out _) ? Count(n) : label;

    /// <summary>What a pointer is told at a run: which one it is, in lines.</summary>
    public static string Run(RunRow row)
        => string.Join('\n', new[]
        {
            $"{row.Optimizer} {Size(row)}" + (row.Run.Length > 0 ? $" ({row.Run})" : ""),
            $"N {Count(row.N)}, D {Count(row.D)}, D/N {Ratio(row.D / row.N)}",
            $"loss {Loss(row.Loss)}",
            row.LearningRate is { } rate ? $"learning rate {Three(rate)}" : null,
            row.Seed is { } seed ? $"seed {seed}" : null,
        }.OfType<string>());

    public static string List(IReadOnlyList<string> items) => items.Count switch
    {
        0 => "none",
        1 => items[0],
        _ => string.Join(", ", items.Take(items.Count - 1)) + " and " + items[^1],
    };

    // A dash for what is no number, and a minus sign that is not a hyphen before the number (not in its exponent).
    private static string Typeset(double value, string text)
        => !double.IsFinite(value) ? None : text[0] == '-' ? '−' + text[1..] : text;
}
