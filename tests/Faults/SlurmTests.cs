using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PretrainBench.Faults.Tests;

/// <summary>Grids on a real Slurm while it does to jobs whatever it does to jobs.</summary>
public sealed partial class SlurmTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    // Limits are looked at twice a minute and a lost node after half a minute: the grid must last longer,
    // on four workers and on however few cores, and not much longer.
    private const double LeastSeconds = 150;
    private const int Runs = 24;

    private static readonly int Cores = Math.Min(4, Environment.ProcessorCount);
    private string[] _settings = ["axes.tokens_per_parameter=[400]"];

    private const int ProbeRatio = 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-slurm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SlurmFact]
    public void Every_run_has_its_one_result_whatever_Slurm_does_to_the_workers()
    {
        FaultsData.Prepare(_folder);
        // Long enough that a program's first steps, which compile it, say little of the others.
        Local("probe", _settings = Axes(ProbeRatio, "0"));
        var seconds = ResultsOf("probe").Average(result => result.GetProperty("training_seconds").GetDouble());
        Local("undisturbed", _settings = Axes(
            (int)Math.Clamp(ProbeRatio * LeastSeconds * Cores / Runs / seconds, 4, 4000), "0,1,2,3,4,5"));
        using var cluster = new SlurmCluster(Path.Combine(_folder, "slurm"));

        var limited = Launch(1, "--gres=gpu:1", "--time=1");
        var others = Launch(4, "--gres=gpu:1", "--time=10");
        Assert.Equal((1, 0, 3, 1), (limited.Submitted, limited.Present, others.Submitted, others.Present));
        WaitFor("four workers", () => Started().Count == 4);
        Assert.All(Started(), worker => Assert.Contains(worker.Device, new[] { "0", "1" }));
        Assert.Equal(4, Started().Select(worker => (worker.Node, worker.Device)).Distinct().Count());
        Assert.Equal((4, 0), (Launch(4).Present, Launch(4).Submitted));

        // By hand on the one node; on the other, the daemon goes, while what it started trains on.
        var first = Started().Single(worker => worker.Job == limited.Job).Node;
        var second = cluster.Nodes.Single(node => node != first);
        var requeued = Started().Single(worker => worker.Node == first && worker.Job != limited.Job);
        SlurmCluster.Run("scontrol", "requeue", $"{requeued.Job}_{requeued.Task}");
        cluster.KillDaemon(second);
        WaitFor("the lost node", () => SlurmCluster.Run("sinfo", "-h", "-n", second, "-p", "test", "-o", "%T")
            .StartsWith("down", StringComparison.Ordinal));
        // Without the lost node its workers take the places of those that should come back.
        cluster.Up();
        WaitFor("the time limit", () => Restarts(limited.Job) > 0);
        WaitFor("the requeue", () => Restarts(requeued.Job, requeued.Task) > 0);

        string[] disturbed = [];
        WaitFor("two workers to disturb", () => (disturbed = [.. SlurmCluster.Jobs()
            .Where(job => job.State == "RUNNING" && job.Node == first).Select(job => job.Job)]).Length == 2);
        var restarts = disturbed.ToDictionary(job => job, SlurmCluster.Restarts);
        var urgent = SlurmCluster.Run("sbatch", "--parsable", "--partition=urgent", $"--nodelist={first}",
            "--gres=gpu:2", "--output=/dev/null", "--wrap=true").Trim();
        WaitFor("the pre-emption", () => SlurmCluster.Jobs("urgent").All(job => job.Job.Split('_')[0] != urgent));
        WaitFor("the pre-empted workers", () => Started()
            .Any(worker => restarts.TryGetValue($"{worker.Job}_{worker.Task}", out var was) && worker.Restart > was));

        WaitFor("the end", () => SlurmCluster.Jobs().Count == 0);
        Assert.Equal(Results("undisturbed"), Results("grid"));
        Assert.Equal(Runs, Results("grid").Count);
        var again = Launch(4, "--gres=gpu:1");
        Assert.Equal((0, 0), (again.Submitted, again.Present));
        Assert.Contains("nothing is submitted", again.Text, StringComparison.Ordinal);
        Assert.Equal((0, "grid: nothing is wrong\n"), FaultsProgram.Run(_folder, "grid", "verify", "grid"));
    }

    [SlurmFact]
    public void Cancelled_workers_save_and_do_not_come_back()
    {
        FaultsData.Prepare(_folder);
        using var cluster = new SlurmCluster(Path.Combine(_folder, "slurm"));
        Launch(2, "--gres=gpu:1", "--time=10");
        WaitFor("checkpoints", () => Directory.Exists(Path.Combine(_folder, "grid")) && Directory
            .EnumerateDirectories(Path.Combine(_folder, "grid"), "step-*", SearchOption.AllDirectories).Any());
        Assert.Contains("slurm ", FaultsProgram.MustRun(_folder, "grid", "cancel", "grid"), StringComparison.Ordinal);
        WaitFor("their end", () => SlurmCluster.Jobs().Count == 0);
        Assert.All(Started(), worker => Assert.Equal(0, worker.Restart));
        var ends = Directory.GetFiles(Path.Combine(_folder, "grid"), "ended.json", SearchOption.AllDirectories)
            .Select(File.ReadAllText).ToList();
        Assert.Contains(ends, end => end.Contains("preempted", StringComparison.Ordinal));
        Assert.Contains("no worker", FaultsProgram.MustRun(_folder, "grid", "cancel", "grid"),
            StringComparison.Ordinal);
    }

    private (int Submitted, int Present, string Job, string Text) Launch(int workers, params string[] passed)
    {
        var report = JsonDocument.Parse(FaultsProgram.MustRun(_folder,
            ["grid", "launch", "grid.yaml", "--folder", "grid", "--on", "slurm", "--workers", $"{workers}", "--json",
            .. _settings, "--", .. passed])).RootElement;
        return (report.GetProperty("submitted").GetInt32(), report.GetProperty("present").GetInt32(),
            report.TryGetProperty("job", out var job) ? job.GetString()! : "",
            report.GetProperty("text").GetString()!);
    }

    /// <summary>What each worker said of itself whenever it started.</summary>
    private List<(string Job, int Task, string Node, int Restart, string Device)> Started()
        => [.. Directory.EnumerateFiles(Path.Combine(_folder, "grid", "submissions"), "*.log",
                SearchOption.AllDirectories)
            .SelectMany(path => Start().Matches(File.ReadAllText(path))).Select(match => (match.Groups[2].Value,
                int.Parse(match.Groups[1].Value), match.Groups[3].Value, int.Parse(match.Groups[4].Value),
                match.Groups[5].Value))];

    private int Restarts(string job, int task = 0)
        => Started().Where(worker => worker.Job == job && worker.Task == task).Max(worker => worker.Restart);

    private static string[] Axes(int ratio, string seeds) =>
    [
        $"axes.tokens_per_parameter=[{ratio}]", "axes.optimizer=[adamw,muon]", "axes.size=[a,b]",
        $"axes.seed=[{seeds}]",
    ];

    private void Local(string grid, string[] settings)
        => FaultsProgram.MustRun(_folder, ["grid", "launch", "grid.yaml", "--folder", grid, "--workers", $"{Cores}",
            "--threads", "1", .. settings]);

    private IEnumerable<JsonElement> ResultsOf(string grid)
        => Directory.GetFiles(Path.Combine(_folder, grid), "result.json", SearchOption.AllDirectories)
            .Select(path => JsonDocument.Parse(File.ReadAllText(path)).RootElement);

    private List<string> Results(string grid) =>
    [
        .. ResultsOf(grid)
            .Select(result => $"{result.GetProperty("run_id")} {result.GetProperty("final_loss")}").Order(),
    ];

    private static void WaitFor(string what, Func<bool> isThere)
    {
        var watch = Stopwatch.StartNew();
        while (!isThere())
        {
            Assert.True(watch.Elapsed < Long, $"waited in vain for {what}");
            using var pause = new ManualResetEventSlim();
            pause.Wait(200);
        }
    }

    [GeneratedRegex(@"worker (\d+) of job (\d+) on (\S+), restart (\d+), CUDA_VISIBLE_DEVICES=(\S*)")]
    private static partial Regex Start();
}
