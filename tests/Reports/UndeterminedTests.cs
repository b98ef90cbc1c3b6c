using PretrainBench.Analysis.Tests;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests;

/// <summary>What a report does not say, and what it says instead.</summary>
public class UndeterminedTests
{
    [Fact]
    public void Nothing_is_advised_from_a_law_that_the_runs_do_not_determine()
    {
        // Losses without a floor, bent downwards: no positive E can be right.
        var table = Fixtures.Synthetic(0, 1, 2);
        var input = ReportAnalysis.Run(table.With([.. table.Rows.Select(row => row with
        {
            Loss = 3 - 0.1 * Math.Log(row.N / 5e7) - 0.1 * Math.Log(row.D / 5e8)
                - 0.002 * Math.Pow(Math.Log(row.D / 5e8), 2),
        })]), new ReportOptions { Bootstrap = new() { Replicates = 50 } });
        Assert.Empty(input.Optima);
        var html = ReportBuilder.Build(input);
        var budget = html[html.IndexOf("<section id=\"budget\">", StringComparison.Ordinal)..];
        budget = budget[..budget.IndexOf("</section>", StringComparison.Ordinal)];
        Assert.Contains("lies on a bound", budget, StringComparison.Ordinal);
        Assert.Contains("Sizes further apart", budget, StringComparison.Ordinal);
        Assert.DoesNotContain("<table", budget, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_law_the_first_picture_is_of_runs_against_runs()
    {
        Assert.Empty(SampleReports.Tiny.Advantages);
        var picture = ReportBuilder.PageOf(SampleReports.Tiny).Figures.First();
        Assert.Equal("Final loss, cell by cell", picture.Title);
        var points = picture.Series.OfType<ScatterSeries>().SelectMany(series => series.Points).ToList();
        Assert.Equal(SampleReports.Tiny.Cells.Select(cell => cell.Difference).Order(),
            points.Select(point => point.Y).Order());
        Assert.Equal("Tokens needed for the same loss, by size",
            ReportBuilder.PageOf(SampleReports.Published).Figures.First().Title);
    }

    [Fact]
    public void A_best_N_that_may_be_anything_is_not_advised()
    {
        // One ratio, almost: what N does is hardly told from what D does, whatever rho says.
        var table = Fixtures.Synthetic(0.003, 8, 1, [50e6, 100e6, 200e6, 400e6], [20, 24]);
        var input = ReportAnalysis.Run(table, new ReportOptions { Bootstrap = new() { Replicates = 100 } });
        Assert.Contains(input.Optima, optimum => !optimum.IsDetermined);
        Assert.DoesNotContain("Best N and D by the law", ReportBuilder.Build(input), StringComparison.Ordinal);
    }

    [Fact]
    public void A_standard_error_stands_only_where_the_runs_determine_the_parameter()
    {
        var bootstrap = SampleReports.Published.Bootstrap!;
        var wide = bootstrap.Parameters.Where(p => p.Parameter == "E").Select(p => p with
        {
            StandardError = 1e11,
            Low = 0.1,
            High = 1e12,
        });
        var html = ReportBuilder.Build(SampleReports.Published with
        {
            Bootstrap = bootstrap with { Parameters = [.. wide] },
        });
        Assert.DoesNotContain("1.00e11", html, StringComparison.Ordinal);
        Assert.Contains("0.100 to 1.00e12", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_in_for_the_noise_between_seeds_is_called_what_it_is()
    {
        Assert.Contains(Verdict.Of(SampleReports.Published).Sentences, sentence => sentence.Contains(
            "as far as the law's residual deviation (no seed is repeated) reaches", StringComparison.Ordinal));
        Assert.Contains(Verdict.Of(SampleReports.Complete).Sentences, sentence => sentence.Contains(
            "as far as the noise between seeds reaches", StringComparison.Ordinal));
    }
}
