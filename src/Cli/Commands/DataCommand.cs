using System.CommandLine;
using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench data</c>.</summary>
internal static class DataCommand
{
    public static Command Create()
        => new Command("data", "Turn text into token shards")
        {
            DataPrepareCommand.Create(),
            DataInfoCommand.Create(),
        }.WithExamples(
            "pretrainbench data prepare --out data/dotnet-docs",
            "pretrainbench data prepare source=\"texts/*.jsonl.gz\" --out data/mine");
}
