using System.Text.Json;
using System.Text.RegularExpressions;
using PretrainBench.Analysis.Tests;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests;

public partial class ReportBuilderTests
{
    private static string Html(string name) => Rendered.Keep($"report-{name}.html", ReportBuilder.Build(Input(name)));

    private static ReportInput Input(string name) => name switch
    {
        "published" => SampleReports.Published,
        "complete" => SampleReports.Complete,
        "small" => SampleReports.Small,
        _ => SampleReports.Tiny,
    };

    [Theory]
    [InlineData("published", 11)]
    [InlineData("complete", 14)]
    [InlineData("small", 11)]
    [InlineData("tiny", 3)]
    public void A_browser_shows_every_chart_whole_and_no_text_over_another(string name, int charts)
    {
        string html = Html(name);
        foreach (int width in new[] { 1280, 500 })
        {
            var found = Browser.Inspect(html, width);
            Assert.Equal(charts, found.Charts);
            Assert.Empty(found.Console);
            Assert.Equal(0, found.Overflow);
            Assert.Empty(found.Cut);
            Assert.Empty(found.Covered);
            Assert.Empty(found.Requests);
            Assert.Contains(found.Hovers, hover => hover.Contains("loss", StringComparison.Ordinal));
            Assert.NotEqual(0, found.Hidden);
        }
    }

    [Theory]
    [InlineData("published", "fairness runs law error-by-law budget influence settings method")]
    [InlineData("complete", "fairness runs law error-by-law budget influence settings method")]
    [InlineData("tiny", "fairness runs law settings method")]
    public void Sections_come_in_order_and_only_where_they_have_something_to_say(string name, string expected)
        => Assert.Equal(expected, string.Join(' ', SectionId().Matches(Html(name)).Select(m => m.Groups[1].Value)));

    [Fact]
    public void The_published_losses_give_the_known_parameters()
    {
        string html = Html("published");
        foreach (string number in new[] { "0.1645", "0.2679", "1.770", "0.8450", "1.727" })
        {
            Assert.Contains($"<td class=\"number\">{number}</td>", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_published_verdict_says_what_their_authors_found_beside_what_the_law_says()
    {
        var verdict = Verdict.Of(SampleReports.Published);
        Assert.StartsWith(
            "Muon needs 16\u00a0% fewer tokens (95\u00a0%: 11\u00a0% to 21\u00a0%) than AdamW"
                + " for the same loss at 1.21B "
                + "parameters and 80 tokens per parameter; training time was not recorded",
            verdict.Headline, StringComparison.Ordinal);
        Assert.Contains(verdict.Sentences,
            s => s.Contains(
                "needs 1.32 to 1.42 times muon's tokens at 130m and 1.10 to 1.13 times muon's tokens at 1.2b",
                StringComparison.Ordinal));
    }

    [Fact]
    public void Left_out_runs_are_seen_with_their_reasons_and_escaped()
    {
        string html = Html("complete");
        Assert.Contains("diverged at step 412", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;bold&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.Contains("the disk was full &amp; nothing was written", html, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unfair_comparison_says_so_at_the_top()
    {
        string html = Html("complete");
        int warning = html.IndexOf("Not a fair comparison", StringComparison.Ordinal);
        Assert.InRange(warning, 0, html.IndexOf("<section", StringComparison.Ordinal));
    }

    [Fact]
    public void A_small_grid_says_what_it_lacks_and_compares_what_it_has()
    {
        var verdict = Verdict.Of(SampleReports.Tiny);
        Assert.Equal(
            "No optimizer is told apart from AdamW: the nearest, Muon, ends 0.0750 nats per token lower on average "
                + "over 2 equal cells, which may be luck.",
            verdict.Headline);
        Assert.Contains(verdict.Sentences, text => text.Contains("without repeated seeds", StringComparison.Ordinal));
        Assert.Contains("each needs at least 3 runs", Html("tiny"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_stray_runs_of_an_optimizer_leave_the_report_of_the_others_whole()
    {
        var table = Fixtures.AdamWMuon();
        var stray = table.Rows.Take(2).Select(row => row with { Optimizer = "lion", Line = row.Line + 100 });
        var input = ReportAnalysis.Run(table.With([.. table.Rows, .. stray]),
            new ReportOptions { Bootstrap = new() { Replicates = 50 } });
        Assert.StartsWith("Muon needs", Verdict.Of(input).Headline, StringComparison.Ordinal);
        Assert.Contains("lion", ReportBuilder.Build(input), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_cannot_be_compared_have_no_winner()
    {
        var table = Fixtures.AdamWMuon();
        var swept = table.Rows.Where(row => row.Optimizer == "adamw")
            .Select(row => row with { LearningRate = 2, Loss = row.Loss + 0.2, Line = row.Line + 100 });
        var input = ReportAnalysis.Run(
            table.With([.. table.Rows.Select(row => row with { LearningRate = 1 }), .. swept]),
            new ReportOptions { Bootstrap = new() { Replicates = 50 } });
        Assert.StartsWith("These runs cannot be compared as they are.", Verdict.Of(input).Headline,
            StringComparison.Ordinal);
        Assert.Empty(Verdict.Of(input).Sentences);
    }

    [Fact]
    public void Names_that_differ_in_case_are_two_optimizers_with_a_finding()
    {
        var table = Fixtures.AdamWMuon();
        var input = ReportAnalysis.Run(
            table.With([.. table.Rows.Select(
                (row, i) => row with { Optimizer = i % 2 == 0 ? row.Optimizer : "AdamW" })]),
            new ReportOptions { Bootstrap = new() { Replicates = 50 } });
        Assert.Contains(input.Findings, finding => finding.Code == "spellings");
    }

    [Fact]
    public void One_optimizer_alone_is_not_compared()
    {
        var table = Fixtures.Synthetic(0.001, 3, optimizers: 1);
        var input = ReportAnalysis.Run(table, new ReportOptions { Bootstrap = new() { Replicates = 50 } });
        Assert.Contains("nothing to compare", Verdict.Of(input).Headline, StringComparison.Ordinal);
        Assert.Contains("<section id=\"law\">", ReportBuilder.Build(input), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_table_gives_the_same_report()
    {
        var table = Fixtures.Synthetic(0.001, 4, optimizers: 2, [50e6, 100e6, 400e6], [10, 40, 160]);
        ReportOptions one = new() { Fit = new() { Threads = 1 }, Bootstrap = new() { Replicates = 50 } };
        var (first, second) =
            (ReportAnalysis.Run(table, one), ReportAnalysis.Run(table, one with { Fit = new() { Threads = 2 } }));
        Assert.Equal(ReportBuilder.Build(first), ReportBuilder.Build(second));
        Assert.Equal(ReportJson.Write(first), ReportJson.Write(second));
    }

    [Fact]
    public void The_json_carries_the_numbers_of_the_page_under_stable_names()
    {
        using var json = JsonDocument.Parse(Rendered.Keep("report.json", ReportJson.Write(SampleReports.Published)));
        var root = json.RootElement;
        Assert.Equal(ReportJson.FormatVersion, root.GetProperty("format_version").GetInt32());
        Assert.Equal(Verdict.Of(SampleReports.Published).Headline,
            root.GetProperty("verdict").GetProperty("headline").GetString());
        var report = root.GetProperty("report");
        var muon = report.GetProperty("shared").GetProperty("parameters").EnumerateArray()
            .Single(p => p.GetProperty("optimizer").GetString() == "muon");
        Assert.Equal(1.73, muon.GetProperty("rhoD").GetDouble(), 0.01);
        Assert.Equal(0.845, muon.GetProperty("rhoN").GetDouble(), 0.001);
        var advantage = report.GetProperty("advantages").EnumerateArray().First();
        Assert.All(new[] { "optimizer", "N", "D", "share", "low", "high", "is_resolved" },
            name => Assert.True(advantage.TryGetProperty(name, out _), name));
        Assert.Equal("better", report.GetProperty("cells")[0].GetProperty("outcome").GetString());
        Assert.True(report.GetProperty("comparison").GetProperty("laws").GetArrayLength() >= 5);
        Assert.Equal(36, report.GetProperty("table").GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public void Small_and_noisy_grids_give_a_whole_report_whatever_the_fit_makes_of_them()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            // From clean to noise larger than the effects; from two sizes to four.
            double noise = Math.Pow(10, -4 + 3.5 * seed / 5);
            double[] sizes = [.. new[] { 1e5, 3e5, 1e6, 3e6 }.Take(2 + seed % 3)];
            var table = Fixtures.Synthetic(noise, seed, optimizers: 2 + seed % 2, sizes, [10, 20, 40]);
            var input = ReportAnalysis.Run(table, new ReportOptions { Bootstrap = new() { Replicates = 40 } });
            string html = ReportBuilder.Build(input);
            string ours = html.Replace(PlotlyScript.Library, "", StringComparison.Ordinal);
            Assert.True(html.Length < 6e6);
            Assert.DoesNotContain("NaN", ours, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", ours, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", ours, StringComparison.Ordinal);
            var verdict = Verdict.Of(input);
            Assert.All([verdict.Headline, .. verdict.Sentences],
                sentence => Assert.DoesNotContain(Say.None, sentence, StringComparison.Ordinal));
            using var json = JsonDocument.Parse(ReportJson.Write(input));
        }
    }

    [Fact]
    public void Impossible_options_are_one_clear_error()
    {
        var error = Assert.Throws<Core.UserException>(() => ReportAnalysis.Run(
            Fixtures.AdamWMuon(),
            new ReportOptions { Bootstrap = new() { Replicates = 1 }, Fit = new() { HuberDelta = -1 } }));
        Assert.Contains("replicates", error.Message, StringComparison.Ordinal);
        Assert.Contains("Huber", error.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex("<section id=\"([^\"]+)\"")]
    private static partial Regex SectionId();
}
