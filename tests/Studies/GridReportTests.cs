using PretrainBench.Analysis.Tables;
using PretrainBench.Grids;
using PretrainBench.Grids.Working;
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
    public void A_branch_s_curve_begins_with_its_trunk_s()
    {
        var folder = new GridFolder(Path.Combine(small.Folder, "trunks"));
        folder.Use(small.Read("tuning=null", "trunks=true", "base.schedule={kind: wsd}", "axes.size=[a]",
            "axes.seed=[0]", "axes.optimizer=[adamw]", "axes.tokens_per_parameter=[8,16]"));
        new GridWorker(folder, threads: 1).Work(CancellationToken.None);
        var report = GridReport.Enrich(
            ReportAnalysis.Run(RunTableReader.Read(GridTables.Write(folder).Table)), folder);
        var branch = report.Curves.Single(curve => folder.Plan().Single(run => run.RunId == curve.Run).Trunk is
        { SharedSteps: > 0 });
        Assert.True(branch.Points[0].Tokens < branch.D / 2);
        Assert.Equal(branch.Points.OrderBy(point => point.Tokens), branch.Points);
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
