using PretrainBench.Reports.Charts;
using PretrainBench.Reports.Page;
using PretrainBench.Reports.Tests.Charts;

namespace PretrainBench.Reports.Tests.Page;

public class HtmlPageTests
{
    internal static string SamplePage()
    {
        HtmlPage page = new("A sample of everything") { Kicker = "PretrainBench", Footer = "Made by a test." };
        page.Lead.Answer(HtmlText.Strong("Muon needs 1.73 times fewer tokens")
            + " for the same loss (95 %: 1.50 to 2.02).");
        HtmlSection charts = page.Section("Charts");
        charts.Figure(SampleCharts.LossAgainstTokens, "What to see.").Pair(pair =>
        {
            foreach (var chart in SampleCharts.All.Skip(1))
            {
                pair.Figure(chart,
                    "Caption of the chart, long enough that it needs more than one line in a narrow column.");
            }
        });
        page.Section("Text").Paragraph("Plain & <b>escaped</b>.").Formula("L = E + A/(ρ_N N)^α + B/(ρ_D D)^β, 10^{-3}")
            .Note("A note.")
            .Warning("A warning.").List(["one", "two"]).Code("pretrainbench fit results.csv --law shared")
            .Details("More", d => d.Paragraph("Inside."));
        ReportTable table = new(ReportTable.Words("optimizer"), ReportTable.Numbers("N"), ReportTable.Numbers("loss"))
        {
            Caption = "Losses",
        };
        table.Add("adamw", "134M", "3.5291").Add("muon", "134M", "3.4626")
            .Add(new ReportRow(["lion", "134M", "diverged"], IsMuted: true));
        page.Section("Table").Table(table);
        page.Section("Last");
        return Rendered.Keep("sample.html", page.ToHtml());
    }

    [Fact]
    public void Text_is_escaped_and_markup_only_where_asked_for()
    {
        string html = SamplePage();
        Assert.Contains("Plain &amp; &lt;b&gt;escaped&lt;/b&gt;.", html, StringComparison.Ordinal);
        Assert.Contains("<strong>Muon needs", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_loaded_from_anywhere_and_without_scripts_a_line_says_what_is_missing()
    {
        string html = SamplePage().Replace(PlotlyScript.Library, "", StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.Equal(SampleCharts.All.Count, html.Split("<noscript>").Length - 1);
    }

    [Fact]
    public void A_page_without_figures_carries_no_script()
        => Assert.DoesNotContain("<script", new HtmlPage("Words alone").ToHtml(), StringComparison.Ordinal);

    [Fact]
    public void Sections_have_anchors_and_the_contents_link_to_them()
    {
        string html = SamplePage();
        foreach (string id in new[] { "charts", "text", "table", "last" })
        {
            Assert.Contains($"<section id=\"{id}\">", html, StringComparison.Ordinal);
            Assert.Contains($"<a href=\"#{id}\">", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a_b", "a<sub>b</sub>")]
    [InlineData("N^α", "N<sup>α</sup>")]
    [InlineData("ρ_N N", "ρ<sub>N</sub> N")]
    [InlineData("10^{-3}", "10<sup>-3</sup>")]
    [InlineData("x^2y", "x<sup>2y</sup>")]
    [InlineData("a_", "a_")]
    [InlineData("a<b^{c", "a&lt;b<sup>{</sup>c")]
    public void Formulas_set_what_follows_lower_or_higher(string formula, string expected)
        => Assert.Equal($"<span class=\"math\">{expected}</span>", HtmlText.Formula(formula).Markup);

    [Fact]
    public void A_row_must_fit_its_table()
        => Assert.Throws<ArgumentException>(() => new ReportTable(ReportTable.Words("a")).Add("1", "2"));
}
