using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Data;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench data info</c>.</summary>
internal static class DataInfoCommand
{
    private static readonly Argument<string> Folder = new("FOLDER") { Description = "The dataset's folder" };

    public static Command Create()
        => new Command("info", "Show what a dataset holds, and verify its files, tokenizer included") { Folder }
            .WithExamples("pretrainbench data info data/dotnet-docs")
            .Runs(context =>
            {
                using var dataset = TokenDataset.Open(context.Get(Folder), verify: true);
                dataset.LoadTokenizer();
                context.Print(dataset.Manifest,
                    DatasetText.Of(dataset.Folder, dataset.Manifest) + "\nchecksums    verified");
                return ExitCodes.Done;
            });
}
