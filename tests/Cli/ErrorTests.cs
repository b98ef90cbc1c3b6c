using System.Text;
using PretrainBench.Tests;

namespace PretrainBench.Cli.Tests;

[Collection(SharedWorkspace.Name)]
public sealed class ErrorTests(Workspace workspace)
{
    private static readonly string[] Mistakes =
    [
        "trian run.yaml",
        "train",
        "train run.yaml --foldr x",
        "train nowhere.yaml",
        "train runs.yaml",
        "train run.yaml modle.size=1M budget.tokens=-5 optimizer.name=adamm",
        "train run.yaml optimizer.learning_rate=fast",
        "train run.yaml data.folder=nothing-here",
        "train run.yaml model.width=15",
        "data prepare source=missing --out out1",
        "data prepare source=empty --out out2",
        "data prepare source=text vocabulary_size=5 --out out3",
        "data info text",
        "grid plan missing.yaml",
        "grid plan grid.yaml axes.optimizer=[adamw,muno]",
        "grid plan grid.yaml base.seed=1",
        "grid status grid.yaml --folder never",
        "grid launch grid.yaml --folder never --workers 1000 --threads 2",
        "fit missing.csv",
        "fit bad.csv --map N",
        "fit bad.csv --bogus 3",
        "fit bad.csv --solvr huber",
        "fit bad.csv --delta 1e-3",
        "forecast bad.csv --n abc",
        "forecast bad.csv --n",
        "forecast bad.csv --tokens-per-parameter 20,40",
        "fit",
        "doctor now",
        "data prepare source=text",
        "data prepare --out out4 vocabulary_size=many vocabulary=5",
        "data prepare --out out5 vocabulary_size=300 tokenizer=text",
        "bench train --against us",
        "bench train --against plain --plain",
        "design grid.yaml --rho 0",
        "design grid.yaml --rho 1.2 --rho 1.3",
        "design grid.yaml --rho muon=1.2",
        "design grid.yaml --flops 1e15",
    ];

    [Fact]
    public void Mistakes_are_answered_with_one_message_as_approved_and_the_exit_code_of_usage()
    {
        Directory.CreateDirectory(Path.Combine(workspace.Folder, "empty"));
        File.WriteAllText(Path.Combine(workspace.Folder, "bad.csv"), "optimizer,n,tokens,loss\n");
        var text = new StringBuilder();
        foreach (var mistake in Mistakes)
        {
            var outcome = Pretrainbench.Run(workspace.Folder, mistake.Split(' '));
            text.Append($"$ pretrainbench {mistake}\n{outcome.Error}{outcome.Output}-> {outcome.ExitCode}\n\n");
            Assert.Equal(2, outcome.ExitCode);
            Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
            Assert.Empty(outcome.Output);
        }
        Approval.Check("errors", text.ToString().Replace(workspace.Folder, "<here>", StringComparison.Ordinal)
            .Replace($"for {Environment.ProcessorCount} cores", "for <n> cores", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateDirectories(workspace.Folder, "out*"));
    }

    [Fact]
    public void Verbose_shows_where_it_happened()
        => Assert.Contains("   at PretrainBench.",
            Pretrainbench.Run(workspace.Folder, "train", "nowhere.yaml", "--verbose").Error, StringComparison.Ordinal);

    [Fact]
    public void A_full_disk_is_one_message_and_nothing_half_written()
    {
        // A limit on the size of a file stands for the full disk: the write fails the same way, and no privilege is
        // needed.
        var outcome = Pretrainbench.RunScript(workspace.Folder,
            "export DOTNET_EnableWriteXorExecute=0; ulimit -f 8; exec \"$PRETRAINBENCH\" data prepare "
                + "source=text vocabulary_size=300 --out full");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("pretrainbench: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(workspace.Folder, "full")));
    }
}
