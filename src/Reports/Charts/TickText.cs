using System.Globalization;
using System.Text;
using PretrainBench.Core;

namespace PretrainBench.Reports.Charts;

/// <summary>Writes values as people read them on an axis, in a legend or in a sentence.</summary>
internal static class TickText
{
    /// <summary>Writes a value for an axis.</summary>
    /// <param name="step">The distance between ticks, which sets the decimals; 0 when ticks are not evenly
    /// spaced.</param>
    public static string Format(double value, TickFormat format, double step = 0) => format switch
    {
        TickFormat.Count => Minus(Quantity.Count(value)),
        TickFormat.Percent => Plain(value * 100, step * 100) + " %",
        _ => Plain(value, step),
    };

    private static string Plain(double value, double step)
    {
        var magnitude = Math.Abs(value);
        var finest = step > 0 ? step : magnitude;
        if (magnitude != 0 && (finest < 1e-4 || magnitude >= 1e6))
        {
            return Power(value, step);
        }
        var decimals = step > 0
            ? Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 10)
            : -1;
        var text = decimals >= 0
            ? Math.Round(value, decimals).ToString("F" + decimals, CultureInfo.InvariantCulture)
            : value.ToString("0.##########", CultureInfo.InvariantCulture);
        return Minus(text);
    }

    /// <summary>A mantissa times a power of ten.</summary>
    /// <param name="value">The value, not 0.</param>
    /// <param name="step">The distance between ticks, which sets the digits; 0 for three at most.</param>
    internal static string Power(double value, double step)
    {
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
        var mantissa = value / Math.Pow(10, exponent);
        var digits = step > 0 ? Math.Clamp((int)Math.Ceiling(exponent - Math.Log10(step) - 1e-9), 0, 6) : 3;
        var head = Minus(Math.Round(mantissa, digits).ToString("0.######", CultureInfo.InvariantCulture));
        var power = "10" + Superscript(exponent);
        return head switch { "1" => power, "−1" => "−" + power, _ => head + "×" + power };
    }

    internal static string Superscript(int exponent)
    {
        var text = new StringBuilder();
        foreach (var digit in exponent.ToString(CultureInfo.InvariantCulture))
            text.Append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']);
        return text.ToString();
    }

    // "-0" and a hyphen for minus are the two small ways in which formatted numbers look wrong on an axis.
    private static string Minus(string text)
    {
        var isZero = text.All(c => c is '-' or '0' or '.');
        return isZero ? text.TrimStart('-') : text.Replace('-', '−');
    }
}
