namespace PretrainBench.Reports.Charts;

/// <summary>Estimates how wide text will be drawn; no font is at hand when SVG is written, so it errs on the wide
/// side.</summary>
internal static class TextWidth
{
    public static double Of(string text, double fontPixels = 12) => text.Sum(Share) * fontPixels;

    // Shares of the font size in DejaVu Sans, the widest of the fonts that the style sheet names.
    private static double Share(char c) => c switch
    {
        'i' or 'l' or 'j' or 'I' or '.' or ',' or ':' or ' ' or '\'' or '|' => 0.33,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.95,
        >= '0' and <= '9' => 0.64,
        >= 'A' and <= 'Z' => 0.7,
        '−' or '×' or '=' or '+' or '<' or '>' => 0.84,
        '⁰' or '¹' or '²' or '³' or '⁴' or '⁵' or '⁶' or '⁷' or '⁸' or '⁹' or '⁻' => 0.42,
        _ => 0.61,
    };
}
