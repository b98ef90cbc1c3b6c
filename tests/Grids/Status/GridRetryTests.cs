using PretrainBench.Core;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Working;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Tests.Status;

public class GridRetryTests(TestGrid grids) : IClassFixture<TestGrid>
{
    [Fact]
    public void What_failed_is_forgiven_and_a_look_that_saw_it_fail_sees_it_open_again()
    {
        var (folder, runs) = Planned();
        var view = new GridView(folder);
        Fail(folder, runs[1]);
        Assert.Equal(RunStateKind.Failed, view.StateOf(runs[1]).Kind);
        var retried = Assert.Single(GridRetry.Of(folder, []));
        Assert.Equal((runs[1].RunId, RunStateKind.Failed, "the cure", RunStateKind.Interrupted),
            (retried.Run.RunId, retried.Before.Kind, retried.Before.Reason, retried.After.Kind));
        Assert.Equal(RunStateKind.Interrupted, view.StateOf(runs[1]).Kind);
        Assert.Empty(GridRetry.Of(folder, []));
    }

    [Fact]
    public void A_damaged_result_stays_failed_whatever_is_forgiven()
    {
        var (folder, runs) = Planned();
        TestGrid.Make(Path.Combine(folder.RunFolder(runs[0].RunId), RunResult.FileName), Core.Files.EntryKind.File);
        var retried = Assert.Single(GridRetry.Of(folder, [runs[0].RunId]));
        Assert.Equal((RunStateKind.Failed, RunStateKind.Failed), (retried.Before.Kind, retried.After.Kind));
    }

    [Fact]
    public void A_run_with_a_result_is_refused_and_nothing_is_forgiven()
    {
        var (folder, runs) = Planned();
        Assert.Equal(ExitCodes.Done, new GridWorker(folder, 1).Work(CancellationToken.None));
        File.Delete(Path.Combine(folder.RunFolder(runs[1].RunId), RunResult.FileName));
        Fail(folder, runs[1]);
        var error = Assert.Throws<UserException>(() => GridRetry.Of(folder, ["seed 1", "adamw t ×1"]));
        Assert.Contains("has a result", error.Message, StringComparison.Ordinal);
        Assert.Equal(RunStateKind.Failed, new GridView(folder).StateOf(runs[1]).Kind);
    }

    [Fact]
    public void Following_a_grid_ends_with_the_look_that_finds_nothing_open()
    {
        var (folder, runs) = Planned();
        var looks = new List<GridStatus>();
        new GridView(folder).Follow(status =>
        {
            looks.Add(status);
            if (looks.Count == 2) foreach (var run in runs) Fail(folder, run);
        }, CancellationToken.None);
        Assert.Equal([0, 0, 2], looks.Select(status => status.Count(RunStateKind.Failed)));
    }

    private (GridFolder Folder, IReadOnlyList<PlannedRun> Runs) Planned()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        return (folder, new GridView(folder).Plan());
    }

    private static void Fail(GridFolder folder, PlannedRun run)
    {
        var claims = new ClaimFiles(folder.RunFolder(run.RunId));
        var number = claims.Newest;
        Assert.True(claims.TryClaim(number, ProcessIdentity.Current));
        claims.End(number + 1, new ClaimEnd(ClaimEndKind.Failed, "the reason\nthe cure", Final: true));
    }
}
