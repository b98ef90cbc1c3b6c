using System.Text.Json;

namespace Microsoft.ML.Tokenizers;

/// <summary>What a <see cref="BpeTokenizer"/> is made of.</summary>
public sealed class BpeOptions
{
    /// <summary>Reads a vocabulary (a JSON object from token to id) and merges (lines of two tokens) from files.</summary>
    /// <param name="vocabFile">The vocabulary.</param>
    /// <param name="mergesFile">The merges, in their order of rank.</param>
    public BpeOptions(string vocabFile, string? mergesFile = null)
    {
        if (!File.Exists(vocabFile)) throw new ArgumentException($"Could not find the vocabulary file '{vocabFile}'.", nameof(vocabFile));
        if (mergesFile is not null && !File.Exists(mergesFile))
            throw new ArgumentException($"Could not find the merges file '{mergesFile}'.", nameof(mergesFile));
        using (var stream = File.OpenRead(vocabFile))
        {
            Vocabulary = JsonSerializer.Deserialize<Dictionary<string, int>>(stream)
                ?? throw new InvalidOperationException($"The vocabulary file '{vocabFile}' holds no vocabulary.");
        }
        if (mergesFile is not null) Merges = [.. File.ReadLines(mergesFile).Where(IsMerge)];
    }

    /// <summary>Takes a vocabulary.</summary>
    /// <param name="vocabulary">From token to id.</param>
    public BpeOptions(IEnumerable<KeyValuePair<string, int>> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
    }

    /// <summary>From token to id, in the byte alphabet of GPT-2 when <see cref="ByteLevel"/> is set.</summary>
    public IEnumerable<KeyValuePair<string, int>> Vocabulary { get; }

    /// <summary>The merges, "left right", in their order of rank.</summary>
    public IEnumerable<string>? Merges { get; set; }

    /// <summary>Whether tokens are sequences of bytes; this stand-in supplies nothing else.</summary>
    public bool ByteLevel { get; set; }

    /// <summary>Splits the text into pieces.</summary>
    public PreTokenizer? PreTokenizer { get; set; }

    /// <summary>Changes the text before it is split.</summary>
    public Normalizer? Normalizer { get; set; }

    /// <summary>Tokens that are looked up whole when the pre-tokenizer isolates them.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }

    private static bool IsMerge(string line) => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal);
}
