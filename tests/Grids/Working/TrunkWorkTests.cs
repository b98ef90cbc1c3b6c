using PretrainBench.Core;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Collecting;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Working;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Tests.Working;

public class TrunkWorkTests(TestGrid grids) : IClassFixture<TestGrid>
{
    // Runs of 21, 42 and 84 steps.
    private const string Axes = """
        axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [0.025, 0.05, 0.1]}
        """;

    [Fact]
    public void Two_workers_train_the_trunk_and_its_branches_to_the_bits_of_a_grid_without()
    {
        var (shared, alone) = (Folder("{kind: wsd, warmup_steps: 5}", trunks: true),
            Folder("{kind: wsd, warmup_steps: 5}", trunks: false));
        Work(shared, workers: 2);
        Work(alone, workers: 2);

        var (with, without) = (GridCollector.Collect(shared).Cells, GridCollector.Collect(alone).Cells);
        Assert.Equal(without.Select(row => (row.Run, row.Loss, row.D, row.Flops, row.Schedule)),
            with.Select(row => (row.Run, row.Loss, row.D, row.Flops, row.Schedule)));
        var plan = shared.Plan();
        Assert.All(plan, run => Assert.Equal([run.Trunk!.SharedSteps],
            RunResult.Read(shared.RunFolder(run.RunId))!.AttemptStarts));
        var trunk = Assert.Single(plan, run => run.TrunkRole == "trunk").RunId;
        Assert.All(with, row => Assert.Equal(trunk, row.Trunk));
        Assert.All(without, row => Assert.Equal("", row.Trunk));
        Assert.Empty(Directory.GetDirectories(shared.RunFolder(trunk), "step-*", SearchOption.AllDirectories));
        Assert.Equal(plan.Sum(run => run.OwnFlops), new GridView(shared).Status().DoneFlops, 1e-3);
    }

    [Fact]
    public void Branches_of_a_trunk_that_failed_begin_at_the_beginning()
    {
        var folder = Folder("{kind: wsd}", trunks: true);
        var trunk = new GridView(folder).Plan().Single(run => run.TrunkRole == "trunk");
        var claims = new ClaimFiles(folder.RunFolder(trunk.RunId));
        claims.TryClaim(0, ProcessIdentity.Current);
        claims.End(1, new ClaimEnd(ClaimEndKind.Failed, "impossible", Final: true));
        Work(folder, workers: 1);
        Assert.All(folder.Plan().Where(run => run.TrunkRole == "branch"),
            run => Assert.Equal([0], RunResult.Read(folder.RunFolder(run.RunId))!.AttemptStarts));
    }

    [Fact]
    public void Branches_of_a_trunk_that_diverged_diverge_where_they_would_alone()
    {
        var folder = Folder("{kind: wsd, warmup_steps: 2}", trunks: true,
            ", optimizer: {learning_rate: 1e5}, gradient_clip: 0");
        Work(folder, workers: 1);
        var steps = folder.Plan().Select(run => RunResult.Read(folder.RunFolder(run.RunId))!.DivergedAtStep).Distinct();
        Assert.NotNull(Assert.Single(steps));
    }

    private GridFolder Folder(string schedule, bool trunks, string more = "")
        => grids.Folder(Axes + (trunks ? "\ntrunks: true" : ""), $", schedule: {schedule}{more}");

    private static void Work(GridFolder folder, int workers)
        => Assert.All(Enumerable.Range(0, workers).AsParallel().WithDegreeOfParallelism(workers)
            .Select(_ => new GridWorker(folder, threads: 1).Work(CancellationToken.None)).ToList(),
            code => Assert.Equal(ExitCodes.Done, code));
}
