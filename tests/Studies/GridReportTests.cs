using PretrainBench.Analysis.Tables;
using PretrainBench.Grids;
using PretrainBench.Reports;

namespace PretrainBench.Studies.Tests;

public sealed class GridReportTests(SmallGrid small) : IClassFixture<SmallGrid>
{
    [Fact]
    public void A_grid_without_results_adds_nothing_to_a_report()
    {
        var folder = new GridFolder(Path.Combine(small.Folder, "planned"));
        folder.Use(small.Read());
        var report =
            ReportAnalysis.Run(RunTableReader.Parse("optimizer,n,tokens,loss\nadamw,1e6,2e7,3.0\nmuon,1e6,2e7,2.9\n"));
        Assert.Same(report, GridReport.Enrich(report, folder));
        var (html, json) = GridReport.Write(report, Path.Combine(small.Folder, "page", "report.html"));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(html), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"verdict\"", File.ReadAllText(json), StringComparison.Ordinal);
    }

    [Fact]
    public void The_quickstart_plans_the_same_grid_again_and_its_settings_win()
    {
        var quickstart = new Quickstart(small.Data, Path.Combine(small.Folder, "quickstart"));
        var first = quickstart.Plan(["axes.seed=[0,1]"]);
        var again = quickstart.Plan(["axes.seed=[0,1]"]);
        Assert.Equal(2, first.Grid.Config.Axes.Seed.Count);
        Assert.Equal(first.Grid.Id, again.Grid.Id);
        Assert.Equal(first.Folder.Plan().Select(run => run.RunId), again.Folder.Plan().Select(run => run.RunId));
    }
}
