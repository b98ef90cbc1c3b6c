using System.Globalization;
using System.Text;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Page;

/// <summary>The content of one section of a page, added from top to bottom. Plain strings are escaped.</summary>
public sealed class HtmlSection
{
    private const int MostRowsOpen = 24;

    private readonly StringBuilder _body = new();
    private readonly List<Chart> _figures = [];
    private readonly List<ReportTable> _tables = [];

    internal HtmlSection(string heading, string id)
    {
        Heading = heading;
        Id = id;
    }

    internal string Heading { get; }

    internal string Id { get; }

    internal string Body => _body.ToString();

    internal IReadOnlyList<Chart> Figures => _figures;

    internal IReadOnlyList<ReportTable> Tables => _tables;

    public HtmlSection Paragraph(HtmlText text) => Element("p", null, text);

    /// <summary>A paragraph in large type: the answer to the question.</summary>
    public HtmlSection Answer(HtmlText text) => Element("p", "answer", text);

    /// <summary>A remark in small type.</summary>
    public HtmlSection Note(HtmlText text) => Element("p", "note", text);

    /// <summary>A remark that must not be overlooked.</summary>
    public HtmlSection Warning(HtmlText text) => Element("p", "warning", text);

    /// <summary>A formula on a line of its own; see <see cref="HtmlText.Formula"/>.</summary>
    /// <param name="formula">The formula, with _ and ^ for what stands lower and higher.</param>
    public HtmlSection Formula(string formula) => Element("p", "formula", HtmlText.Formula(formula));

    public HtmlSection Subheading(string text) => Element("h3", null, text);

    /// <summary>A list with bullets; nothing when there are no items.</summary>
    public HtmlSection List(IEnumerable<HtmlText> items)
    {
        HtmlText[] all = [.. items];
        if (all.Length > 0)
        {
            _body.Append("<ul>\n");
            foreach (var item in all) Element("li", null, item);
            _body.Append("</ul>\n");
        }
        return this;
    }

    /// <summary>Text exactly as it stands, in a fixed-width font: commands, configurations.</summary>
    public HtmlSection Code(string text)
    {
        _body.Append("<pre tabindex=\"0\">").Append(HtmlText.Escape(text)).Append("</pre>\n");
        return this;
    }

    /// <summary>A table, folded where it is long.</summary>
    public HtmlSection Table(ReportTable table)
    {
        _tables.Add(table);
        var isLong = table.Rows.Count > MostRowsOpen;
        if (isLong)
            _body.Append("<details>\n<summary>").Append(HtmlText.Escape(table.Caption ?? "Table"))
                .Append(CultureInfo.InvariantCulture, $" ({table.Rows.Count} rows)</summary>\n");
        HtmlTable.Append(_body, table);
        if (isLong) _body.Append("</details>\n");
        return this;
    }

    /// <summary>A chart under its title, with a caption that says what to see in it.</summary>
    /// <param name="caption">What to see; nothing when null.</param>
    public HtmlSection Figure(Chart chart, HtmlText? caption = null)
    {
        _figures.Add(chart);
        _body.Append("<figure>\n<figcaption><strong>").Append(HtmlText.Escape(chart.Title)).Append("</strong>");
        if (caption is not null) _body.Append(' ').Append(caption.Markup);
        _body.Append("</figcaption>\n<div class=\"chart\" role=\"figure\" aria-label=\"")
            .Append(HtmlText.Escape($"{chart.Title}. {chart.Description}")).Append("\" data-file=\"")
            .Append(HtmlPage.Anchor(chart.Title)).Append("\" style=\"min-height:")
            .Append(CultureInfo.InvariantCulture, $"{chart.Height}px\"></div>\n")
            .Append("<noscript><p class=\"note\">A picture stands here where scripts may run.</p></noscript>\n")
            .Append("<script type=\"application/json\">").Append(PlotlyFigure.Write(chart))
            .Append("</script>\n</figure>\n");
        return this;
    }

    /// <summary>Content side by side where the page is wide enough: usually two figures.</summary>
    public HtmlSection Pair(Action<HtmlSection> fill) => Wrapped("<div class=\"pair\">\n", fill, "</div>\n");

    /// <summary>Two parts side by side at the same height, where the page is wide enough.</summary>
    public HtmlSection Beside(Action<HtmlSection> fill) => Wrapped("<div class=\"beside\">\n", fill, "</div>\n");

    /// <summary>Content that stays folded until asked for; it is printed only where it was unfolded.</summary>
    public HtmlSection Details(string summary, Action<HtmlSection> fill)
        => Wrapped("<details>\n<summary>" + HtmlText.Escape(summary) + "</summary>\n", fill, "</details>\n");

    private HtmlSection Wrapped(string open, Action<HtmlSection> fill, string close)
    {
        _body.Append(open);
        fill(this);
        _body.Append(close);
        return this;
    }

    private HtmlSection Element(string name, string? cssClass, HtmlText text)
    {
        _body.Append('<').Append(name);
        if (cssClass is not null) _body.Append(" class=\"").Append(cssClass).Append('"');
        _body.Append('>').Append(text.Markup).Append("</").Append(name).Append(">\n");
        return this;
    }
}
