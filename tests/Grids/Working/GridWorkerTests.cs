using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Collecting;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Verifying;
using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Tests.Working;

/// <summary>What disturbs a worker and is no failure of its run: real runs of about a second.</summary>
public class GridWorkerTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private const string OneRun
        = "axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1]}" + TestGrid.TinySize;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Fact]
    public void Events_for_tensorboard_call_the_cell_as_the_grid_does_and_belong_where_they_are()
    {
        var folder = grids.Folder(OneRun.Replace("[adamw]", "[slow-adamw]") + "\noptimizers: {slow-adamw: adamw}");
        Assert.Equal(ExitCodes.Done, new GridWorker(folder, 1).Work(CancellationToken.None));
        var events = Assert.Single(Directory.GetFiles(folder.Root, "events.out.tfevents", SearchOption.AllDirectories));
        Assert.Contains("slow-adamw", File.ReadAllText(events), StringComparison.Ordinal);
        Assert.Empty(new GridVerifier(folder, repair: false).Verify());
    }

    [Fact]
    public async Task A_lock_that_another_process_holds_is_waited_for_and_spends_nothing()
    {
        var (folder, run, claims) = Planned();
        Task<int> work;
        using (var held = Lock(folder, run))
        {
            work = Task.Run(() => new GridWorker(folder, 1).Work(CancellationToken.None));
            Assert.True(SpinWait.SpinUntil(() => claims.EndOf(1) is not null, Long));
            Assert.Equal(ClaimEndKind.Disturbed, claims.EndOf(1)!.Kind);
            Assert.Contains("another process trains this run", claims.EndOf(1)!.Message);
        }
        Assert.Equal(ExitCodes.Done, await work);
        Assert.Equal(RunStateKind.Done, new GridView(folder).StateOf(run).Kind);
        Assert.Empty(claims.Failures());
    }

    [Fact]
    public void A_stopped_owner_is_superseded_though_it_holds_the_lock()
    {
        var (folder, run, claims) = Planned();
        claims.TryClaim(0, ProcessIdentity.Current);
        claims.Beat(1, new Heartbeat(1));
        using var held = Lock(folder, run);
        var looks = 0;
        var watch = new OwnerWatch(TimeSpan.FromSeconds(90), () => TimeSpan.FromSeconds(10 * ++looks));
        Assert.Equal(ExitCodes.Done, new GridWorker(folder, 1, watch).Work(CancellationToken.None));
        Assert.Equal(RunStateKind.Done, new GridView(folder).StateOf(run).Kind);
        Assert.Equal((2, ClaimEndKind.Settled), (claims.Newest, claims.EndOf(2)!.Kind));
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_for_a_while_is_tried_again()
    {
        var (folder, run, claims) = Planned();
        var attempt = Path.Combine(folder.RunFolder(run.RunId), "attempts", "1");
        Directory.CreateDirectory(Path.GetDirectoryName(attempt)!);
        File.WriteAllText(attempt, "in the way");
        var work = Task.Run(() => new GridWorker(folder, 1).Work(CancellationToken.None));
        Assert.True(SpinWait.SpinUntil(() => claims.Newest > 1, Long));
        File.Delete(attempt);
        Assert.Equal(ExitCodes.Done, await work);
        Assert.Empty(claims.Failures());
        Assert.Equal(RunStateKind.Done, new GridView(folder).StateOf(run).Kind);
    }

    [Fact]
    public void Damaged_identity_and_configuration_are_written_again_and_spend_nothing()
    {
        var (folder, run, claims) = Planned();
        Directory.CreateDirectory(folder.RunFolder(run.RunId));
        File.WriteAllText(Path.Combine(folder.RunFolder(run.RunId), "run_id"), "null");
        File.WriteAllText(Path.Combine(folder.RunFolder(run.RunId), "config.yaml"), "null");
        Assert.Equal(ExitCodes.Done, new GridWorker(folder, 1).Work(CancellationToken.None));
        Assert.Empty(claims.Failures());
        Assert.Equal(RunStateKind.Done, new GridView(folder).StateOf(run).Kind);
    }

    [Fact]
    public void A_worker_whose_time_is_up_trains_one_run_all_the_same_and_leaves_the_next()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        var worker = new GridWorker(folder, 1, time: new WorkerTime(TimeSpan.FromSeconds(-1)));
        Assert.Equal(ExitCodes.Done, worker.Work(CancellationToken.None));
        Assert.True(worker.IsOutOfTime);
        Assert.Equal((1, 1), (new GridView(folder).Status().Settled, Directory.GetDirectories(folder.Root, "*",
            SearchOption.TopDirectoryOnly).Count(run => Directory.Exists(Path.Combine(run, "claims")))));
        var other = new GridWorker(folder, 1, time: new WorkerTime(TimeSpan.FromHours(1)));
        Assert.Equal((ExitCodes.Done, false), (other.Work(CancellationToken.None), other.IsOutOfTime));
        Assert.True(new GridView(folder).Status().IsComplete);
    }

    [Fact]
    public void A_result_tells_how_many_shared_its_device()
    {
        var (folder, run, _) = Planned();
        new GridWorker(folder, 1, device: new WorkerDevice("cpu", 3)).Work(CancellationToken.None);
        var result = new GridView(folder).StateOf(run).Result!;
        Assert.Equal(("cpu", "3"), (result.Versions["device"],
            Assert.IsType<ConfigScalar>(result.Config.Find("execution.workers_on_device")).Text));
        Assert.Equal(3, Assert.Single(GridCollector.Collect(folder).Cells).WorkersOnDevice);
    }

    private (GridFolder, PlannedRun, ClaimFiles) Planned()
    {
        var folder = grids.Folder(OneRun);
        var run = Assert.Single(new GridView(folder).Plan());
        return (folder, run, new ClaimFiles(folder.RunFolder(run.RunId)));
    }

    private static FileStream Lock(GridFolder folder, PlannedRun run)
    {
        Directory.CreateDirectory(folder.RunFolder(run.RunId));
        return new FileStream(Path.Combine(folder.RunFolder(run.RunId), ".lock"), FileMode.OpenOrCreate,
            FileAccess.ReadWrite, FileShare.None);
    }
}
