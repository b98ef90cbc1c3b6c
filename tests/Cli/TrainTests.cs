using System.Diagnostics;
using System.Text.Json;

namespace PretrainBench.Cli.Tests;

[Collection(SharedWorkspace.Name)]
public sealed class TrainTests(Workspace workspace)
{
    private const string Long = "budget.tokens=120000";

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [Fact]
    public void A_run_ends_with_its_result_and_does_nothing_the_second_time()
    {
        var first = Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", "--folder", "once", "--json");
        var result = Json(first.Output);
        Assert.Equal("done", result.GetProperty("status").GetString());
        Assert.Equal(5120, result.GetProperty("tokens").GetInt64());
        Assert.True(result.GetProperty("final_loss").GetDouble() < Math.Log(300));
        Assert.Contains("train: 100 %", first.Error, StringComparison.Ordinal);

        var written = File.GetLastWriteTimeUtc(Path.Combine(workspace.Folder, "once", "result.json"));
        var second = Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", "--folder", "once", "--json");
        Assert.Equal(first.Output, second.Output);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(workspace.Folder, "once", "result.json")));
        Assert.Single(Directory.GetDirectories(Path.Combine(workspace.Folder, "once", "attempts")));
    }

    [Fact]
    public void Another_configuration_in_the_same_folder_is_refused()
    {
        Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", "--folder", "taken");
        var outcome = Pretrainbench.Run(workspace.Folder, "train", "run.yaml", "seed=1", "--folder", "taken");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("holds run", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_diverged_run_is_a_result_with_an_exit_code_of_its_own()
    {
        var outcome = Pretrainbench.Run(workspace.Folder, "train", "run.yaml", "optimizer.learning_rate=1000", "gradient_clip=0", "--folder", "diverged", "--json");
        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal("diverged", Json(outcome.Output).GetProperty("status").GetString());
    }

    [Fact]
    public void A_run_that_is_told_to_stop_goes_on_to_the_same_end()
    {
        var whole = Json(Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", Long, "--folder", "whole", "--json").Output);
        using (var process = Pretrainbench.Start(workspace.Folder, "train", "run.yaml", Long, "--folder", "stopped"))
        {
            // The first line of progress says that steps are being taken.
            Assert.NotNull(process.StandardError.ReadLine());
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
            kill.WaitForExit();
            process.WaitForExit();
            Assert.Equal(75, process.ExitCode);
            Assert.Contains("the same command goes on", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        }
        var resumed = Json(Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", Long, "--folder", "stopped", "--json").Output);
        Assert.Equal(whole.GetProperty("final_loss").GetDouble(), resumed.GetProperty("final_loss").GetDouble());
        Assert.Equal(2, resumed.GetProperty("attempt_starts").GetArrayLength());
    }
}
