using PretrainBench.Core;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Tests.Status;

public class GridViewTests(TestGrid grids) : IClassFixture<TestGrid>
{
    [Fact]
    public void A_grid_that_was_left_between_two_rounds_of_tuning_is_not_complete()
    {
        // One rung, whose best lies on its edge: the ladder grows when its run has ended.
        const string Ladder = """

            tuning: {start: {adamw: 1e-3}, trials: 1, extensions: 1}
            """;
        var folder = grids.Folder(
            "axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1]}" + TestGrid.TinySize + Ladder);
        var view = new GridView(folder);
        var first = Assert.Single(view.Plan());
        Assert.False(view.Status().IsComplete);
        Train(folder, first);

        var between = new GridView(folder).Status();
        Assert.Equal((2, 1, false), (between.Total, between.Settled, between.IsComplete));
        Assert.Single(folder.Plan());
        Assert.Equal(ExitCodes.Done, new GridWorker(folder, threads: 1).Work(CancellationToken.None));
        Assert.True(new GridView(folder).Status().IsComplete);
    }

    private static void Train(GridFolder folder, PlannedRun run)
        => Training.RunSession.Execute(run.ReadConfig(), folder.RunFolder(run.RunId));
}
