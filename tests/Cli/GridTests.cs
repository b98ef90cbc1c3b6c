using System.Diagnostics;
using System.Text.Json;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Cli.Tests;

[Collection(SharedWorkspace.Name)]
public sealed class GridTests(Workspace workspace)
{
    // Large enough that a run lasts seconds, so that it can be met in the middle.
    private static readonly string[] Longer =
        ["axes.tokens_per_parameter=[25]", "axes.size=[a,b]", "tuning=null", "axes.optimizer=[adamw]"];

    private string Place(string name) => Path.Combine(workspace.Folder, name);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private JsonElement Status(string folder)
        => Json(Pretrainbench.MustSucceed(workspace.Folder, "grid", "status", folder, "--json").Output);

    /// <summary>What identifies a result, without times: a line for each run.</summary>
    private string[] Losses(string folder) =>
    [
        .. Directory.GetFiles(Place(folder), "result.json", SearchOption.AllDirectories)
            .Select(path => Json(File.ReadAllText(path)))
            .Select(result => $"{result.GetProperty("run_id")} {result.GetProperty("final_loss")}").Order(),
    ];

    [Fact]
    public void A_grid_is_planned_trained_collected_and_fitted_and_does_nothing_the_second_time()
    {
        var plan = Pretrainbench.MustSucceed(workspace.Folder, "grid", "plan", "grid.yaml", "--folder", "g1").Output;
        Assert.Matches("(?s)learning-rate trial.*\ncannot fit +Law 'per-optimizer' ", plan);
        Assert.False(Directory.Exists(Place("g1")));

        var launch = Json(
            Pretrainbench.MustSucceed(workspace.Folder, "grid", "launch", "grid.yaml", "--folder", "g1",
                "--json").Output);
        Assert.True(launch.GetProperty("complete").GetBoolean());
        var before = Snapshot("g1");
        Pretrainbench.MustSucceed(workspace.Folder, "grid", "launch", "grid.yaml", "--folder", "g1");
        Assert.Equal(before, Snapshot("g1"));

        Pretrainbench.MustSucceed(workspace.Folder, "grid", "collect", "g1");
        var table = File.ReadAllLines(Path.Combine(Place("g1"), "table.csv"));
        Assert.Equal(9, table.Length);
        Assert.StartsWith("run,optimizer,size,non_embedding_params,", table[0], StringComparison.Ordinal);
        Assert.Equal(
            RunTableReader.Read(Path.Combine(Place("g1"), "table.csv")).Rows.Select(
                row => row with { File = "", Line = 0 }),
            RunTableReader.Read(Path.Combine(Place("g1"), "table.parquet")).Rows.Select(
                row => row with { File = "", Line = 0 }));
        Assert.True(File.Exists(Path.Combine(Place("g1"), "trials.parquet")));
        var tuned = Json(Pretrainbench.MustSucceed(workspace.Folder, "grid", "tune", "g1", "--json").Output);
        Assert.Single(tuned.EnumerateArray()
            .Select(group => group.GetProperty("learning_rates").GetArrayLength()).Distinct());

        // A grid is as good as the table that is collected from it.
        string Compare(string of) => Pretrainbench.MustSucceed(workspace.Folder, "compare", of, "--json").Output;
        Assert.Equal(Compare("g1/table.csv").Replace("g1/table.csv", "g1", StringComparison.Ordinal), Compare("g1"));

        Pretrainbench.MustSucceed(workspace.Folder, "report", "g1", "--out", "g1/report.html");
        var settings = Json(File.ReadAllText(Path.Combine(Place("g1"), "report.json"))).GetProperty("report")
            .GetProperty("settings");
        Assert.Equal(["budget.tokens_per_parameter", "model.width"], Names(settings.GetProperty("by_cell")));
        Assert.Empty(
            new[] { "batch.sequences_per_step", "data.hash", "gradient_clip",
                "schedule.kind" }.Except(Names(settings.GetProperty("held_fixed"))));
        Assert.All(Names(settings.GetProperty("differences")),
            name => Assert.StartsWith("optimizer.", name, StringComparison.Ordinal));
        Assert.Contains("muon, learning rate",
            settings.GetProperty("optimizers")[1].GetProperty("rules")[1].GetProperty("rule").GetString());

        static string[] Names(JsonElement list)
            => [.. list.EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
    }

    // Runs near the grid's scale, and one of a third optimizer.
    private string ThinTable()
    {
        List<string> lines = ["optimizer,n,tokens,loss"];
        foreach (var name in new[] { "adamw", "muon" })
            foreach (var n in new[] { 2e4, 5e4, 1e5 })
                foreach (var ratio in new[] { 5, 10, 20 })
                {
                    var loss = 1.8 + 20 * Math.Pow(n, -0.3) + 20 * Math.Pow(ratio * n, -0.3)
                        + 1e-3 * Math.Sin(lines.Count);
                    lines.Add($"{name},{n},{ratio * n},{loss}");
                }
        lines.Add("lion,20000,100000,3.4");
        File.WriteAllLines(Place("thin.csv"), lines);
        return "thin.csv";
    }

    [Fact]
    public void A_design_is_judged_before_anything_is_trained()
    {
        string[] seeds = ["axes.seed=[0,1]", "axes.size=[a,b,0.1M]", "axes.tokens_per_parameter=[5,10,20]",
            "tuning=null", "base.optimizer.learning_rate=0.01"],
            truth = ["--truth", "E=1.8", "A=20", "B=20"];
        JsonElement Design(params string[] options)
            => Json(Pretrainbench.MustSucceed(workspace.Folder,
                ["design", "grid.yaml", .. seeds, "--json", .. truth, .. options]).Output);
        var (one, two) = (Design("--seed-noise", "0.002"), Design("--seed-noise", "0.004", "--rho", "1.5"));
        Assert.Equal(36, one.GetProperty("design").GetProperty("runs").GetInt32());
        // Errors are proportional to the noise, and no cell of the grid is trained for it.
        double Error(JsonElement design) => design.GetProperty("design").GetProperty("precision").EnumerateArray()
            .Single(row => row.GetProperty("parameter").GetString() == "rhoD")
            .GetProperty("standard_error").GetDouble();
        Assert.Equal(2, Error(two) / Error(one), 1e-6);
        Assert.Equal(JsonValueKind.Null, one.GetProperty("search").ValueKind);
        Assert.NotEmpty(two.GetProperty("search").GetProperty("statement").GetString()!);
        Assert.Equal(2, Pretrainbench.Run(workspace.Folder, "design", "grid.yaml", "--seed-noise", "-1").ExitCode);
        truth = ["--from", ThinTable()];
        Assert.Contains(Design().GetProperty("design").GetProperty("findings").EnumerateArray(), finding
            => finding.GetProperty("message").GetString() == "lion set aside: too few runs for the shared law.");
        Assert.Equal(2,
            Pretrainbench.Run(workspace.Folder, "design", "grid.yaml", "axes.optimizer=[adamw]", "--rho",
                "1.5").ExitCode);
    }

    [Fact]
    public void Workers_that_start_together_never_train_a_run_twice()
    {
        string[] cells = ["axes.tokens_per_parameter=[1,2,3,4]", "tuning=null", "axes.size=[a]"];
        // One thread, as the workers below: sums are the same to the last bit for the same number of threads only.
        Pretrainbench.MustSucceed(workspace.Folder,
            ["grid", "launch", "grid.yaml", "--folder", "alone", "--workers", "1", "--threads", "1", .. cells]);
        // The plan of a grid that nobody has worked on: the launcher's folder without its runs.
        Directory.CreateDirectory(Place("race"));
        Copy(Path.Combine(Place("alone"), "plans"), Path.Combine(Place("race"), "plans"));

        var workers = Enumerable.Range(0, 4)
            .Select(_ => Pretrainbench.Start(workspace.Folder, "grid", "work", "race")).ToList();
        foreach (var worker in workers)
        {
            worker.WaitForExit();
            Assert.Equal(0, worker.ExitCode);
            worker.Dispose();
        }
        Assert.Equal(Losses("alone"), Losses("race"));
        Assert.Equal(8, Losses("race").Length);
        Assert.All(Directory.GetDirectories(Place("race"), "attempts", SearchOption.AllDirectories),
            attempts => Assert.Single(Directory.GetDirectories(attempts)));
    }

    [Fact]
    public async Task A_worker_that_is_killed_is_replaced_and_its_run_goes_on_to_the_same_end()
    {
        using var launcher = Pretrainbench.Start(workspace.Folder,
            ["grid", "launch", "grid.yaml", "--folder", "killed", "--json", .. Longer]);
        var worker = WorkerThatTrains("killed");
        Kill(worker);
        var output = launcher.StandardOutput.ReadToEndAsync();
        var error = await launcher.StandardError.ReadToEndAsync();
        await launcher.WaitForExitAsync();
        Assert.True(launcher.ExitCode == 0, error);
        Assert.True(Json(await output).GetProperty("complete").GetBoolean());
        Assert.Contains("was killed", error, StringComparison.Ordinal);
        Pretrainbench.MustSucceed(workspace.Folder,
            ["grid", "launch", "grid.yaml", "--folder", "undisturbed", .. Longer]);
        Assert.Equal(Losses("undisturbed"), Losses("killed"));
    }

    [Fact]
    public void When_the_launcher_is_killed_its_workers_end_and_a_relaunch_finishes_the_grid()
    {
        int worker;
        using (var launcher = Pretrainbench.Start(workspace.Folder,
                ["grid", "launch", "grid.yaml", "--folder", "orphaned", .. Longer]))
        {
            worker = WorkerThatTrains("orphaned");
            Kill(launcher.Id);
            launcher.WaitForExit();
        }
        Assert.True(SpinWait.SpinUntil(() => !IsAlive(worker), TimeSpan.FromMinutes(5)),
            "the worker outlived its launcher");
        Assert.Equal(0, Status("orphaned").GetProperty("states").GetProperty("running").GetInt32());
        Pretrainbench.MustSucceed(workspace.Folder, ["grid", "launch", "grid.yaml", "--folder", "orphaned", .. Longer]);
        Assert.True(Status("orphaned").GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void A_run_that_cannot_succeed_fails_once_and_says_why()
    {
        var outcome = Pretrainbench.Run(workspace.Folder, "grid", "launch", "grid.yaml", "--folder", "cuda",
            "base.execution.device=cuda", "tuning=null");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("execution.device", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("grid resume", outcome.Error, StringComparison.Ordinal);
    }

    private int WorkerThatTrains(string folder)
    {
        var found = 0;
        Assert.True(SpinWait.SpinUntil(() => (found = TrainingOwner(folder)) != 0, TimeSpan.FromMinutes(5)),
            "no worker began to train");
        return found;
    }

    /// <summary>The process that has a checkpoint of an unfinished run: it is in the middle.</summary>
    private int TrainingOwner(string folder)
    {
        if (!Directory.Exists(Place(folder))) return 0;
        foreach (var run in Directory.GetDirectories(Place(folder))
                .Where(run => !File.Exists(Path.Combine(run, "result.json"))))
        {
            var claim = Path.Combine(run, "claims", "1", "claim.json");
            var checkpoints = Path.Combine(run, "attempts", "1", "checkpoints");
            if (File.Exists(claim) && Directory.Exists(checkpoints) && Directory.GetDirectories(checkpoints)
                    .Any(name => !Path.GetFileName(name).StartsWith('.')))
                return Json(File.ReadAllText(claim)).GetProperty("process_id").GetInt32();
        }
        return 0;
    }

    private static void Kill(int process)
    {
        using var kill = Process.Start("kill", ["-KILL", process.ToString()]);
        kill.WaitForExit();
    }

    private static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string[] Snapshot(string folder)
        => [.. Directory.GetFiles(Place(folder), "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "current")
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}").Order()];

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(folder.Replace(from, to, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, file.Replace(from, to, StringComparison.Ordinal));
    }
}
