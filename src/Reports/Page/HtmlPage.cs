using System.Text;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Page;

/// <summary>One self-contained HTML page: its figures' script inside, no font, no request to anywhere (the page forbids
/// itself any); light, dark and printed by the same file. Text is escaped unless it is an
/// <see cref="HtmlText"/>.</summary>
public sealed class HtmlPage
{
    // Pages with at least this many sections open with a list of them.
    private const int SectionsForContents = 4;

    private const string AskNobody = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        + "img-src data: blob:";

    private readonly string _title;
    private readonly HtmlSection _head = new("", "");
    private readonly List<HtmlSection> _sections = [];

    /// <summary>Creates an empty page.</summary>
    /// <param name="title">The title, shown as the heading.</param>
    public HtmlPage(string title) => _title = title;

    /// <summary>A line above the heading that says what kind of page this is; none when empty.</summary>
    public string Kicker { get; init; } = "";

    /// <summary>The last line of the page: what made it, and when its data were taken.</summary>
    public string Footer { get; init; } = "";

    /// <summary>What stands between the heading and the first section: the answer.</summary>
    public HtmlSection Lead => _head;

    internal IEnumerable<ReportTable> Tables => _sections.Prepend(_head).SelectMany(section => section.Tables);

    internal IEnumerable<Chart> Figures => _sections.Prepend(_head).SelectMany(section => section.Figures);

    /// <summary>Adds a section and returns it to be filled.</summary>
    /// <param name="id">The anchor; derived from the heading when null.</param>
    public HtmlSection Section(string heading, string? id = null)
    {
        var section = new HtmlSection(heading, id ?? Anchor(heading));
        _sections.Add(section);
        return section;
    }

    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"").Append(AskNobody).Append("\">\n")
            .Append("<title>").Append(HtmlText.Escape(_title)).Append("</title>\n")
            // Says "no icon" so that the browser asks nobody for one.
            .Append("<link rel=\"icon\" href=\"data:,\">\n")
            .Append("<style>\n").Append(Palette.Css).Append(PageStyle.Css)
            .Append("</style>\n</head>\n<body>\n<main>\n<header>\n");
        if (Kicker.Length > 0) html.Append("<p class=\"kicker\">").Append(HtmlText.Escape(Kicker)).Append("</p>\n");
        html.Append("<h1>").Append(HtmlText.Escape(_title)).Append("</h1>\n").Append(_head.Body).Append("</header>\n");
        AppendContents(html);
        foreach (var section in _sections)
        {
            html.Append("<section id=\"").Append(HtmlText.Escape(section.Id)).Append("\">\n<h2>")
                .Append(HtmlText.Escape(section.Heading)).Append("</h2>\n").Append(section.Body)
                .Append("</section>\n");
        }
        html.Append("</main>\n");
        if (Footer.Length > 0) html.Append("<footer>").Append(HtmlText.Escape(Footer)).Append("</footer>\n");
        if (Figures.Any())
            html.Append("<script>").Append(PlotlyScript.Library).Append("</script>\n<script>\n")
                .Append(PlotlyScript.Drawing).Append("</script>\n");
        return html.Append("</body>\n</html>\n").ToString();
    }

    private void AppendContents(StringBuilder html)
    {
        if (_sections.Count < SectionsForContents) return;
        html.Append("<nav aria-label=\"Sections\"><ul>\n");
        foreach (var section in _sections)
        {
            html.Append("<li><a href=\"#").Append(HtmlText.Escape(section.Id)).Append("\">")
                .Append(HtmlText.Escape(section.Heading)).Append("</a></li>\n");
        }
        html.Append("</ul></nav>\n");
    }

    internal static string Anchor(string heading)
        => string.Join('-',
            new string([.. heading.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
