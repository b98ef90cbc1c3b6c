using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>Reads the single-file form of Hugging Face's tokenizers, as far as byte-level BPE goes: vocabulary, merges,
/// added tokens, and NFC normalisation. Anything else in the file that would change the encoding is refused.</summary>
internal static class HuggingFaceTokenizer
{
    private static readonly string[] FurtherOptions =
        ["byte_fallback", "dropout", "continuing_subword_prefix", "end_of_word_suffix", "ignore_merges"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">It holds another kind of tokenizer.</exception>
    /// <exception cref="JsonException">It is not valid JSON.</exception>
    public static TokenizerModel Read(string path)
    {
        using var stream = File.OpenRead(path);
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        var model = root.GetProperty("model");
        Require(path, Text(model, "type") is null or "BPE", "the model is not BPE");
        var beyond = FurtherOptions.Where(option => IsSet(model, option)).ToList();
        Require(path, beyond.Count == 0, $"it uses options beyond byte-level BPE (`{string.Join("`, `", beyond)}`)");
        RequireByteLevel(path, root);
        var vocabulary = model.GetProperty("vocab").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32());
        var (added, special) = Added(path, root);
        foreach (var (token, id) in added) vocabulary.TryAdd(token, id);
        var fromText = added.Where(token => !special.Contains(token.Value)).ToDictionary();
        var engine = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            ByteLevel = true,
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(Merge)],
            Normalizer = Normalizer(path, root),
            SpecialTokens = fromText,
            PreTokenizer = new RegexPreTokenizer(PreTokenization.Gpt2(), fromText),
        });
        return TokenizerModel.Of(engine, vocabulary, added, special, path);
    }

    // Older files write "a b", newer ones ["a", "b"].
    private static string Merge(JsonElement merge)
        => merge.ValueKind == JsonValueKind.Array
            ? $"{merge[0].GetString()} {merge[1].GetString()}"
            : merge.GetString()!;

    // The longest come first, since the first alternative that fits is taken. Those marked special (the separator and
    // its like) must not be produced by a text that spells them.
    private static (Dictionary<string, int> Added, HashSet<int> Special) Added(string path, JsonElement root)
    {
        var (added, special) = (new List<KeyValuePair<string, int>>(), new HashSet<int>());
        if (!root.TryGetProperty("added_tokens", out var tokens) || tokens.ValueKind != JsonValueKind.Array)
            return ([], special);
        foreach (var token in tokens.EnumerateArray())
        {
            var entry = KeyValuePair.Create(
                token.GetProperty("content").GetString()!, token.GetProperty("id").GetInt32());
            added.Add(entry);
            if (IsSet(token, "special")) special.Add(entry.Value);
            else Require(path, !IsSet(token, "single_word") && !IsSet(token, "lstrip") && !IsSet(token, "rstrip"),
                $"the added token `{entry.Key}` takes its neighbours into account");
        }
        var longestFirst = added.OrderByDescending(entry => entry.Key.Length).ThenBy(entry => entry.Value);
        return (longestFirst.ToDictionary(), special);
    }

    private static NfcNormalizer? Normalizer(string path, JsonElement root)
    {
        if (!root.TryGetProperty("normalizer", out var normalizer) || normalizer.ValueKind == JsonValueKind.Null)
            return null;
        Require(path, Text(normalizer, "type") == "NFC", "its normalizer is not NFC");
        return new NfcNormalizer();
    }

    private static void RequireByteLevel(string path, JsonElement root)
    {
        var pre = root.GetProperty("pre_tokenizer");
        Require(path, Text(pre, "type") == "ByteLevel" && !IsSet(pre, "add_prefix_space")
            && (!pre.TryGetProperty("use_regex", out var regex) || regex.ValueKind == JsonValueKind.True),
            "its pre-tokenizer is not GPT-2's ByteLevel without prefix space");
    }

    private static bool IsSet(JsonElement element, string name)
        => element.TryGetProperty(name, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)
            && !(value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

    private static string? Text(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.GetString()
            : null;

    private static void Require(string path, bool fulfilled, string problem)
    {
        if (!fulfilled) throw new UserException($"tokenizer: {path}: cannot be used: {problem}; choose another");
    }
}
