using System.Diagnostics;
using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Tests.Launching;

/// <summary>What a launcher does where nothing is left to train; with workers of its own: tests/Cli.</summary>
public class LocalLauncherTests(TestGrid grids) : IClassFixture<TestGrid>
{
    [Fact]
    public void A_grid_with_nothing_left_to_do_starts_no_worker_and_says_whether_all_went_well()
    {
        var folder = grids.Folder("axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1]}");
        var run = Assert.Single(new GridView(folder).Plan());
        var claims = new ClaimFiles(folder.RunFolder(run.RunId));
        claims.TryClaim(0, ProcessIdentity.Current);
        claims.End(1, new ClaimEnd(ClaimEndKind.Failed, "impossible", Final: true));
        var seen = new List<GridStatus>();
        var lines = new List<string>();

        var report = new LocalLauncher(new LaunchConfig(1, 1))
            .Submit(folder, new(seen.Add, lines.Add, CancellationToken.None));

        Assert.Equal(ExitCodes.Failed, report.ExitCode);
        Assert.Equal(1, Assert.Single(seen).Count(RunStateKind.Failed));
        Assert.Empty(lines);
    }

    [Fact]
    public void Launchers_that_live_are_found_again_and_ended()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        using var launcher = Process.Start("sleep", "600");
        var stat = File.ReadAllText($"/proc/{launcher.Id}/stat");
        var identity = ProcessIdentity.Current with
        {
            ProcessId = launcher.Id,
            StartTicks = long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19]),
        };
        foreach (var record in new[] { identity, identity with { StartTicks = 1 } })
            new SubmissionFolder(folder).Add("local.json", _ => JsonSerializer.Serialize(record, JsonFormat.Line));
        var local = new LocalLauncher(new LaunchConfig(1, 1));

        Assert.Equal([$"process {launcher.Id}"], local.List(folder));
        Assert.Equal([$"process {launcher.Id}"], local.Cancel(folder));
        launcher.WaitForExit();
        Assert.Equal(128 + 15, launcher.ExitCode);
        Assert.Empty(local.List(folder));
        Assert.Empty(local.Cancel(folder));
    }

    [Fact]
    public void What_only_a_scheduler_can_do_is_refused()
    {
        Assert.Contains("--dry-run",
            Assert.Throws<UserException>(() => GridLaunchers.Of("local", new(IsDry: true))).Message);
        Assert.Contains("`-- --time=1`",
            Assert.Throws<UserException>(() => GridLaunchers.Of("local", new(Passed: ["--time=1"]))).Message);
        Assert.Contains("slurm",
            Assert.Throws<UserException>(() => GridLaunchers.Of("sge", new())).Message);
    }
}
