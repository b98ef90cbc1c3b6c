using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Data;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench tokenizer train</c>.</summary>
internal static class TokenizerTrainCommand
{
    private static readonly Argument<string[]> Settings = new("key=value")
    {
        Description = "source=PATH or [PATHS] (default dotnet-docs; files, folders and patterns of .txt, .jsonl "
            + "(.gz, .zst) and .parquet); text_field=text; vocabulary_size=4096 in all: 256 bytes, merges, and the "
            + "separator",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Output = new("--out")
    {
        Description = "The folder for vocab.json and merges.txt",
        HelpName = "FOLDER",
        Required = true,
    };

    public static Command Create()
        => new Command("train", "Learn a byte-level BPE tokenizer from text") { Settings, Output }
            .WithExamples(
                "pretrainbench tokenizer train --out tokenizers/docs",
                "pretrainbench tokenizer train source=\"texts/*.txt\" vocabulary_size=8K --out tokenizers/mine")
            .Runs(context =>
            {
                var config = context.Bind<TokenizerTrainingConfig>(Settings, "the tokenizer's configuration");
                var folder = context.Get(Output)!;
                var tokenizer = PrepareDisplay.Run(progress => TokenizerTraining.Train(
                    config, folder, progress, context.Interruption.Token));
                TokenizerInfoCommand.Print(context, folder, tokenizer);
                return ExitCodes.Done;
            });
}
