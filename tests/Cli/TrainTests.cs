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
        Assert.Matches(@"train: \d+ %, step 1/40, loss [\d.]+", first.Error);

        var written = File.GetLastWriteTimeUtc(Path.Combine(workspace.Folder, "once", "result.json"));
        var second = Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", "--folder", "once", "--json");
        Assert.Equal(first.Output, second.Output);
        Assert.Contains("nothing is trained", second.Error, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(workspace.Folder, "once", "result.json")));
        Assert.Single(Directory.GetDirectories(Path.Combine(workspace.Folder, "once", "attempts")));
    }

    [Fact]
    public void A_finished_run_is_measured_again_and_exported()
    {
        var run = Json(
            Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", "seed=3", "--folder", "kept",
                "--json").Output);
        var measured = Json(Pretrainbench.MustSucceed(workspace.Folder, "eval", "kept", "--json").Output);
        Assert.Equal(run.GetProperty("final_loss").GetDouble(), measured.GetProperty("loss").GetDouble(), 1e-9);
        Assert.Equal(run.GetProperty("bits_per_byte").GetDouble(),
            measured.GetProperty("bits_per_byte").GetDouble(), 1e-9);

        Pretrainbench.MustSucceed(workspace.Folder, "export", "kept", "--out", "exported");
        var folder = Path.Combine(workspace.Folder, "exported");
        Assert.Equal(300,
            Json(File.ReadAllText(Path.Combine(folder, "config.json"))).GetProperty("vocab_size").GetInt32());
        // The format itself: eight bytes with the header's length, then the header as JSON.
        var bytes = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
        var header = Json(System.Text.Encoding.UTF8.GetString(bytes, 8, (int)BitConverter.ToInt64(bytes)));
        Assert.Equal([300L, 16L], header.GetProperty("model.embed_tokens.weight").GetProperty("shape").EnumerateArray()
            .Select(size => size.GetInt64()));

        Assert.Contains("`--replace`",
            Pretrainbench.Run(workspace.Folder, "export", "kept", "--out", "exported").Error, StringComparison.Ordinal);
        Assert.Contains("the last weights", Pretrainbench.MustSucceed(workspace.Folder, "export", "kept", "--out",
            "exported", "--replace").Output, StringComparison.Ordinal);

        Pretrainbench.MustSucceed(workspace.Folder, "import", "exported", "--out", "imported");
        var again = Json(Pretrainbench.MustSucceed(workspace.Folder, "eval", "imported", "--data", "data",
            "--json").Output);
        Assert.Equal(run.GetProperty("final_loss").GetDouble(), again.GetProperty("loss").GetDouble(), 1e-6);

        foreach (string[] mistake in (string[][])[["eval", "imported"], ["import", "text", "--out", "other"],
                ["eval", "text"], ["eval", "kept", "--data", "text"],
                ["eval", "kept", "--device", "tpu"], ["export", "nowhere", "--out", "x"]])
        {
            var outcome = Pretrainbench.Run(workspace.Folder, mistake);
            Assert.Equal(2, outcome.ExitCode);
            Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        }
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
    public void A_run_says_what_it_takes_before_it_starts_and_is_refused_where_that_is_not_there()
    {
        var told = Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", "--folder", "told").Error;
        Assert.Matches(@"^train: about .* memory, .* free disk, at least .*\nwarning: only 6 documents", told);
        var outcome = Pretrainbench.Run(workspace.Folder, "train", "run.yaml", "model.layers=500", "model.width=16384",
            "model.heads=128", "model.feed_forward_width=65536", "--folder", "huge");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("of memory are needed", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(workspace.Folder, "huge")));
    }

    [Fact]
    public void A_diverged_run_is_a_result_with_an_exit_code_of_its_own()
    {
        var outcome = Pretrainbench.Run(workspace.Folder, "train", "run.yaml", "optimizer.learning_rate=1000",
            "gradient_clip=0", "--folder", "diverged", "--json");
        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal("diverged", Json(outcome.Output).GetProperty("status").GetString());
    }

    [Fact]
    public void A_run_that_is_told_to_stop_goes_on_to_the_same_end()
    {
        var whole = Json(
            Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", Long, "--folder", "whole",
                "--json").Output);
        using (var process = Pretrainbench.Start(workspace.Folder, "train", "run.yaml", Long, "--folder", "stopped"))
        {
            // A line of progress says that steps are being taken.
            while (process.StandardError.ReadLine() is { } line && !line.Contains(", step ", StringComparison.Ordinal))
            {
            }
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
            kill.WaitForExit();
            process.WaitForExit();
            Assert.Equal(75, process.ExitCode);
            Assert.Contains("the same command goes on", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        }
        var resumed = Json(
            Pretrainbench.MustSucceed(workspace.Folder, "train", "run.yaml", Long, "--folder", "stopped",
                "--json").Output);
        Assert.Equal(whole.GetProperty("final_loss").GetDouble(), resumed.GetProperty("final_loss").GetDouble());
        Assert.Equal(2, resumed.GetProperty("attempt_starts").GetArrayLength());
    }
}
