using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Data;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench data prepare</c>.</summary>
internal static class DataPrepareCommand
{
    private static readonly PrepareConfig Defaults = new() { OutputFolder = "" };

    private static readonly Option<string[]> Source = new("--source")
    {
        Description =
            "dotnet-docs (the reference documentation in this machine's .NET SDK), or files, folders and patterns of"
            + " .txt, .jsonl, .jsonl.gz and .parquet",
        HelpName = "NAME|PATH",
        DefaultValueFactory = _ => [.. Defaults.Source],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string[]> Validation = new("--validation")
    {
        Description = "Files, folders and patterns to hold out; else a fixed share of the documents is held out",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double> ValidationFraction = new("--validation-fraction")
    {
        Description = "The share of documents held out, chosen by each document's own hash",
        HelpName = "SHARE",
        DefaultValueFactory = _ => Defaults.ValidationFraction,
    };

    private static readonly Option<string> TextField = new("--text-field")
    {
        Description = "The field (JSON lines) or column (Parquet) that holds the text",
        HelpName = "NAME",
        DefaultValueFactory = _ => Defaults.TextField,
    };

    private static readonly Option<int> Vocabulary = new("--vocabulary")
    {
        Description = "Tokens of the vocabulary that is learned from the training documents",
        HelpName = "TOKENS",
        DefaultValueFactory = _ => Defaults.VocabularySize,
    };

    private static readonly Option<string?> Tokenizer = new("--tokenizer")
    {
        Description = "A tokenizer's folder to use instead of learning one",
        HelpName = "FOLDER",
    };

    private static readonly Option<string> Output = new("--out")
    {
        Description = "The folder that becomes the dataset",
        HelpName = "FOLDER",
        Required = true,
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Replace a dataset at that place that was made from something else",
    };

    public static Command Create()
        => new Command("prepare", "Make a dataset: hold out validation text, learn a tokenizer, write token shards")
        {
            Source, Validation, ValidationFraction, TextField, Vocabulary, Tokenizer, Output, Replace,
        }.WithExamples(
            "pretrainbench data prepare --out data/dotnet-docs",
            "pretrainbench data prepare --source novels/train --validation novels/val --out data/novels",
            "pretrainbench data prepare --source \"texts/*.jsonl.gz\" --text-field content "
                + "--vocabulary 8192 --out data/mine")
        .Runs(context =>
        {
            if (context.IsGiven(Tokenizer) && context.IsGiven(Vocabulary))
                throw new UserException("`--vocabulary` is for a tokenizer that is learned; give it or `--tokenizer`");
            if (context.IsGiven(Validation) && context.IsGiven(ValidationFraction))
                throw new UserException("give `--validation` or `--validation-fraction`, not both");
            var config = new PrepareConfig
            {
                Source = context.Get(Source)!,
                Validation = context.Get(Validation) ?? [],
                ValidationFraction = context.Get(ValidationFraction),
                TextField = context.Get(TextField)!,
                VocabularySize = context.Get(Vocabulary),
                TokenizerFolder = context.Get(Tokenizer),
                OutputFolder = context.Get(Output)!,
                Replace = context.Get(Replace),
            };
            var manifest =
                PrepareDisplay.Run(progress => DataPreparation.Prepare(config, progress, context.Interruption.Token));
            context.Print(manifest, DatasetText.Of(config.OutputFolder, manifest));
            return ExitCodes.Done;
        });
}
