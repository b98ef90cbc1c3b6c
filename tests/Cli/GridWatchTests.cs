using System.Text.Json;
using PretrainBench.Core;

namespace PretrainBench.Cli.Tests;

[Collection(SharedWorkspace.Name)]
public sealed class GridWatchTests(Workspace workspace)
{
    private static readonly string[] OneRun = ["tuning=null", "axes.optimizer=[adamw]", "axes.size=[a]",
        "axes.tokens_per_parameter=[1]"];

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private string Output(params string[] args) => Pretrainbench.MustSucceed(workspace.Folder, args).Output;

    [Fact]
    public void What_failed_is_told_at_the_end_listed_and_forgiven()
    {
        var outcome = Pretrainbench.Run(workspace.Folder, "grid", "launch", "grid.yaml", "--folder", "mended",
            "base.execution.device=cuda", "tuning=null", "axes.optimizer=[adamw]");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("adamw b ×2: failed: ", outcome.Error, StringComparison.Ordinal);
        Assert.Matches(@" adamw b ×2: .*execution\.device", outcome.Output);
        Assert.Matches("next +pretrainbench grid resume mended", outcome.Output);

        var failed = Failed();
        Assert.True(failed > 1);
        var retry = Output("grid", "retry", "mended", "b ×2");
        Assert.Contains("forgiven: ", retry, StringComparison.Ordinal);
        Assert.Contains("grid resume mended", retry, StringComparison.Ordinal);
        Assert.Equal(failed - 1, Failed());
        Assert.Equal(failed - 1, Json(Output("grid", "retry", "mended", "--json")).GetArrayLength());
        Assert.Equal(0, Failed());

        int Failed()
            => Json(Output("grid", "status", "mended", "--failed", "--json")).GetProperty("runs").GetArrayLength();
    }

    [Fact]
    public async Task A_grid_is_watched_from_another_terminal_and_a_log_followed_to_its_end()
    {
        using var launcher = Pretrainbench.Start(workspace.Folder, "grid", "launch", "grid.yaml", "--folder", "watched",
            "--workers", "1", "tuning=null", "axes.optimizer=[adamw]");
        Assert.True(SpinWait.SpinUntil(IsPlanned, TimeSpan.FromMinutes(5)), "no plan was made");
        using var watch = Pretrainbench.Start(workspace.Folder, "grid", "status", "watched", "--watch", "--json");
        using var log = Pretrainbench.Start(workspace.Folder, "grid", "logs", "watched", "a x1", "--follow");
        var (seen, said) = (watch.StandardOutput.ReadToEndAsync(), watch.StandardError.ReadToEndAsync());
        var (text, which) = (log.StandardOutput.ReadToEndAsync(), log.StandardError.ReadToEndAsync());
        var (output, error) = (launcher.StandardOutput.ReadToEndAsync(), launcher.StandardError.ReadToEndAsync());
        foreach (var process in new[] { launcher, watch, log }) await process.WaitForExitAsync();
        Assert.True(launcher.ExitCode == 0, await error);
        Assert.Equal((0, 0), (watch.ExitCode, log.ExitCode));
        Assert.True(Json(await seen).GetProperty("complete").GetBoolean());
        Assert.Matches(@"adamw a ×1: done, loss \d", await said);
        Assert.Contains("attempt 1, ", await which, StringComparison.Ordinal);
        Assert.Contains("final validation", await text, StringComparison.Ordinal);
        Assert.Contains("grid collect watched", await output, StringComparison.Ordinal);
        Assert.Equal(await text, Output("grid", "logs", "watched", "a ×1"));
    }

    [Fact]
    public void An_edited_file_is_told_apart_from_the_plan_and_resume_takes_settings()
    {
        Output(["grid", "launch", "grid.yaml", "--folder", "edited", .. OneRun]);
        var status = Pretrainbench.MustSucceed(workspace.Folder, "grid", "status", "grid.yaml", "--folder", "edited");
        Assert.Contains("axes.size", status.Error, StringComparison.Ordinal);
        Assert.Contains("`pretrainbench grid launch grid.yaml` makes", status.Error, StringComparison.Ordinal);
        Output("grid", "resume", "edited", "axes.seed=[0,1]", "--workers", "1");
        var runs = Json(Output("grid", "status", "edited", "--json")).GetProperty("runs");
        Assert.Equal(["done", "done"], runs.EnumerateArray().Select(run => run.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_second_launch_starts_what_the_first_leaves_room_for()
    {
        Output(["grid", "launch", "grid.yaml", "--folder", "shared", .. OneRun]);
        var run = Directory.GetDirectories(Path.Combine(workspace.Folder, "shared"))
            .Single(path => Path.GetFileName(path) is not ("plans" or "submissions"));
        // As if this process were a worker that has just claimed the run.
        Directory.Delete(run, recursive: true);
        var claim = Directory.CreateDirectory(Path.Combine(run, "claims", "1")).FullName;
        File.WriteAllText(Path.Combine(claim, "claim.json"),
            JsonSerializer.Serialize(ProcessIdentity.Current, JsonFormat.Line));
        using var second = Pretrainbench.Start(workspace.Folder, ["grid", "launch", "grid.yaml", "--folder", "shared",
            "--threads", $"{Environment.ProcessorCount}", .. OneRun]);
        var output = second.StandardOutput.ReadToEndAsync();
        Assert.Contains("1 workers train this grid on this machine already",
            await second.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(claim, "ended.json"), """{"kind":"preempted"}""");
        var error = await second.StandardError.ReadToEndAsync();
        await second.WaitForExitAsync();
        Assert.True(second.ExitCode == 0, error);
        Assert.Contains("1 runs: 1 done", await output, StringComparison.Ordinal);
    }

    private bool IsPlanned()
        => Path.Combine(workspace.Folder, "watched", "plans") is var plans && Directory.Exists(plans)
            && Directory.EnumerateFiles(plans, "1.jsonl", SearchOption.AllDirectories).Any();
}
