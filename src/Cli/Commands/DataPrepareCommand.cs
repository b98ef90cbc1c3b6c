using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Data;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench data prepare</c>.</summary>
internal static class DataPrepareCommand
{
    private static readonly Argument<string[]> Settings = new("key=value")
    {
        Description = "source=PATH or [PATHS] (default dotnet-docs, the reference documentation in this machine's "
            + ".NET SDK; files, folders and patterns of .txt, .jsonl (.gz, .zst) and .parquet, and of tokens: "
            + ".bin, .npy with tokenizer=FOLDER, token_bytes=2, end_of_text_id=ID); validation=PATH, or "
            + "validation_fraction=0.025 of the documents; text_field=text; vocabulary_size=4096 to learn, or "
            + "tokenizer=FOLDER to use",
        Arity = ArgumentArity.ZeroOrMore,
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
            Settings, Output, Replace,
        }.WithExamples(
            "pretrainbench data prepare --out data/dotnet-docs",
            "pretrainbench data prepare source=novels/train validation=novels/val --out data/novels",
            "pretrainbench data prepare source=\"texts/*.jsonl.gz\" text_field=content vocabulary_size=8K "
                + "--out data/mine",
            "pretrainbench data prepare source=\"fineweb/*.bin\" tokenizer=gpt2 --out data/fineweb")
        .Runs(context =>
        {
            var config = context.Bind<PrepareConfig>(Settings, "the dataset's configuration");
            var folder = context.Get(Output)!;
            var manifest = PrepareDisplay.Run(progress => DataPreparation.Prepare(
                config, folder, context.Get(Replace), progress, context.Interruption.Token));
            context.Print(manifest, DatasetText.Of(folder, manifest));
            return ExitCodes.Done;
        });
}
