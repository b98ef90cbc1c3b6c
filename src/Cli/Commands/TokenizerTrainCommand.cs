using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Data;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench tokenizer train</c>.</summary>
internal static class TokenizerTrainCommand
{
    private static readonly TokenizerTrainingConfig Defaults = new() { OutputFolder = "" };

    private static readonly Option<string[]> Source = new("--source")
    {
        Description = "dotnet-docs, or files, folders and patterns of .txt, .jsonl, .jsonl.gz and .parquet",
        HelpName = "NAME|PATH",
        DefaultValueFactory = _ => [.. Defaults.Source],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> TextField = new("--text-field")
    {
        Description = "The field (JSON lines) or column (Parquet) that holds the text",
        HelpName = "NAME",
        DefaultValueFactory = _ => Defaults.TextField,
    };

    private static readonly Option<int> Vocabulary = new("--vocabulary")
    {
        Description = "Tokens in all: 256 bytes, merges, and the separator",
        HelpName = "TOKENS",
        DefaultValueFactory = _ => Defaults.VocabularySize,
    };

    private static readonly Option<string> Output = new("--out")
    {
        Description = "The folder for vocab.json and merges.txt",
        HelpName = "FOLDER",
        Required = true,
    };

    public static Command Create()
        => new Command("train", "Learn a byte-level BPE tokenizer from text") { Source, TextField, Vocabulary, Output }
            .WithExamples(
                "pretrainbench tokenizer train --out tokenizers/docs",
                "pretrainbench tokenizer train --source \"texts/*.txt\" --vocabulary 8192 --out tokenizers/mine")
            .Runs(context =>
            {
                var config = new TokenizerTrainingConfig
                {
                    Source = context.Get(Source)!,
                    TextField = context.Get(TextField)!,
                    VocabularySize = context.Get(Vocabulary),
                    OutputFolder = context.Get(Output)!,
                };
                var tokenizer = PrepareDisplay.Run(
                    progress => TokenizerTraining.Train(config, progress, context.Interruption.Token));
                TokenizerInfoCommand.Print(context, config.OutputFolder, tokenizer);
                return ExitCodes.Done;
            });
}
