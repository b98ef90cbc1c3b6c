using System.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace PretrainBench.Reports.Page;

/// <summary>Running text of a page: escaped, with emphasis, formulas and links where asked for.</summary>
public sealed partial class HtmlText
{
    private HtmlText(string markup) => Markup = markup;

    internal string Markup { get; }

    public static implicit operator HtmlText(string text) => Plain(text);

    /// <summary>Joins two pieces of text.</summary>
    public static HtmlText operator +(HtmlText left, HtmlText right)
    {
        return new HtmlText(left.Markup + right.Markup);
    }

    public static HtmlText Plain(string text) => new(Escape(text));

    /// <summary>Joins two pieces of text.</summary>
    public static HtmlText Add(HtmlText left, HtmlText right) => left + right;

    public static HtmlText Strong(string text) => new("<strong>" + Escape(text) + "</strong>");

    /// <summary>Text as it stands in a file or on a command line.</summary>
    public static HtmlText Code(string text) => new("<code>" + Escape(text) + "</code>");

    /// <summary>Text made safe for element content and quoted attributes; characters that XML forbids are
    /// dropped.</summary>
    internal static string Escape(string text) => SecurityElement.Escape(Forbidden().Replace(text, ""));

    /// <summary>A formula in one line. After _ and ^ the next character, word of letters and digits, or group in braces
    /// is set lower or higher: "A/(ρ_N N)^α", "10^{-3}".</summary>
    public static HtmlText Formula(string formula)
    {
        var markup = new StringBuilder("<span class=\"math\">");
        for (var at = 0; at < formula.Length; at++)
        {
            var c = formula[at];
            if (c is '_' or '^' && at + 1 < formula.Length)
            {
                (var part, at) = Script(formula, at + 1);
                var tag = c == '_' ? "sub" : "sup";
                markup.Append('<').Append(tag).Append('>').Append(Escape(part)).Append("</")
                    .Append(tag).Append('>');
            }
            else markup.Append(Escape(c.ToString()));
        }
        return new HtmlText(markup.Append("</span>").ToString());
    }

    private static (string Part, int Last) Script(string formula, int start)
    {
        if (formula[start] == '{' && formula.IndexOf('}', start) is > 0 and int end)
            return (formula[(start + 1)..end], end);
        var last = start;
        while (last + 1 < formula.Length && char.IsAsciiLetterOrDigit(formula[last])
                && char.IsAsciiLetterOrDigit(formula[last + 1]))
            last++;
        return (formula[start..(last + 1)], last);
    }

    [GeneratedRegex(@"[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]")]
    private static partial Regex Forbidden();
}
