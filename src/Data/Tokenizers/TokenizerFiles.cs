using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>Finds and reads the files of a tokenizer: GPT-2's pair, the single file of Hugging Face's
/// tokenizers, or tiktoken's ranks.</summary>
internal static class TokenizerFiles
{
    /// <summary>GPT-2's vocabulary: a JSON object from token to id.</summary>
    public const string Vocabulary = "vocab.json";

    /// <summary>GPT-2's merges: two tokens a line, in order.</summary>
    public const string Merges = "merges.txt";

    /// <summary>The single file of Hugging Face's tokenizers.</summary>
    public const string Single = "tokenizer.json";

    /// <summary>Whether a learned tokenizer was written there, whole.</summary>
    public static bool AreIn(string place) => File.Exists(Path.Combine(place, Vocabulary));

    /// <summary>The files that a tokenizer's place holds, in a fixed order: a folder with <see cref="Vocabulary"/> and
    /// <see cref="Merges"/>, with <see cref="Single"/> or with tiktoken's ranks, or such a single file.</summary>
    /// <exception cref="UserException">Neither is there.</exception>
    public static IReadOnlyList<string> Find(string place)
    {
        if (File.Exists(place)) return [place];
        string[] pair = [Path.Combine(place, Vocabulary), Path.Combine(place, Merges)];
        if (pair.All(File.Exists)) return pair;
        var single = Path.Combine(place, Single);
        if (File.Exists(single)) return [single];
        if (Directory.Exists(place) && Directory.GetFiles(place, $"*{TiktokenFile.Ending}") is [var ranks])
            return [ranks];
        throw new UserException($"tokenizer: {place}: expected a folder with `{Vocabulary}` and `{Merges}`, or with "
            + $"`{Single}` or one `*{TiktokenFile.Ending}`; make one with `tokenizer train`");
    }

    /// <summary>Reads the files that <see cref="Find"/> found.</summary>
    /// <exception cref="UserException">They are damaged or of a kind that is not supported.</exception>
    public static TokenizerModel Read(IReadOnlyList<string> files)
    {
        try
        {
            if (files is [var file] && file.EndsWith(TiktokenFile.Ending, StringComparison.Ordinal))
                return TiktokenFile.Read(file);
            if (files.Count == 1) return HuggingFaceTokenizer.Read(files[0]);
            var engine = BpeTokenizer.Create(new BpeOptions(files[0], files[1])
            {
                ByteLevel = true,
                PreTokenizer = new PieceSplitter([PreTokenization.Gpt2()]),
            });
            return TokenizerModel.Of(engine, engine.Vocabulary, new Dictionary<string, int>(), [], files[0]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or ArgumentException or FormatException or KeyNotFoundException
            or NullReferenceException)
        {
            throw Unusable(files, e);
        }
    }

    private static UserException Unusable(IReadOnlyList<string> files, Exception e)
        => new($"tokenizer: {string.Join(", ", files)}: cannot be used: {e.Message}; choose another", inner: e);
}
