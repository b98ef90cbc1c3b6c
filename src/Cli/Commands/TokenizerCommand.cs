using System.CommandLine;
using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench tokenizer</c>.</summary>
internal static class TokenizerCommand
{
    public static Command Create()
        => new Command("tokenizer", "Learn and inspect byte-level BPE tokenizers")
        {
            TokenizerTrainCommand.Create(),
            TokenizerInfoCommand.Create(),
        }.WithExamples("pretrainbench tokenizer train source=texts vocabulary_size=8192 --out tokenizers/mine");
}
