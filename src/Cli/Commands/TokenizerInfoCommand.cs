using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Data;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench tokenizer info</c>.</summary>
internal static class TokenizerInfoCommand
{
    private static readonly Argument<string> Folder = new("FOLDER")
    {
        Description = "A folder with vocab.json and merges.txt, a tokenizer.json, or tiktoken's ranks (.tiktoken)",
    };

    private static readonly Option<string?> Text = new("--text")
    {
        Description = "Also show how this text is cut",
        HelpName = "TEXT",
    };

    public static Command Create()
        => new Command("info", "Show a tokenizer, and how it cuts a text") { Folder, Text }
            .WithExamples("pretrainbench tokenizer info data/dotnet-docs/tokenizer --text \"The quick brown fox\"")
            .Runs(context =>
            {
                Print(context, context.Get(Folder), TextTokenizer.Load(context.Get(Folder)), context.Get(Text));
                return ExitCodes.Done;
            });

    internal static void Print(CommandContext context, string folder, TextTokenizer tokenizer, string? text = null)
    {
        var ids = text is null ? null : tokenizer.Encode(text);
        var pieces = ids?.Select(id => tokenizer.Decode([id])).ToList();
        var cut = pieces is null ? "" : $"\ntext            {string.Join('|', pieces)} ({pieces.Count} tokens)";
        context.Print(
            new { folder, tokenizer.VocabularySize, tokenizer.EndOfTextId, tokenizer.Hash, ids, pieces },
            $"tokenizer       {folder}\nvocabulary      {tokenizer.VocabularySize:N0} tokens, "
            + $"separator {tokenizer.EndOfTextId}\nhash            {tokenizer.Hash[..12]}{cut}");
    }
}
