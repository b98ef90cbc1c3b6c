using System.Text.Json;
using System.Text.Unicode;
using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>Reads the single-file form of Hugging Face's tokenizers, as far as byte-level BPE goes: vocabulary, merges,
/// added tokens, and NFC normalisation. Anything else in the file that would change the encoding is refused.</summary>
internal static class HuggingFaceTokenizer
{
    private static readonly string[] FurtherOptions =
        ["byte_fallback", "dropout", "continuing_subword_prefix", "end_of_word_suffix"];

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
        var vocabulary = model.GetProperty("vocab").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32());
        var (added, special) = Added(path, root);
        foreach (var (token, id) in added) vocabulary.TryAdd(token, id);
        var fromText = added.Where(token => !special.Contains(token.Value)).ToDictionary();
        var patterns = HuggingFacePatterns.Read(path, root.GetProperty("pre_tokenizer"));
        var engine = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            ByteLevel = true,
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(Merge)],
            Normalizer = Normalizer(path, root),
            // The engine takes these where they are a whole piece.
            SpecialTokens = IsSet(model, "ignore_merges") ? WholePieces(vocabulary, fromText) : fromText,
            PreTokenizer = new PieceSplitter(patterns, fromText.Keys),
        });
        return TokenizerModel.Of(engine, vocabulary, added, special, path);
    }

    // Older files write "a b", newer ones ["a", "b"].
    private static string Merge(JsonElement merge)
        => merge.ValueKind == JsonValueKind.Array
            ? $"{merge[0].GetString()} {merge[1].GetString()}"
            : merge.GetString()!;

    // With `ignore_merges`, a piece that is a token is that token, whether merges lead there or not.
    private static Dictionary<string, int> WholePieces(
        Dictionary<string, int> vocabulary, Dictionary<string, int> fromText)
    {
        var whole = vocabulary.Select(token => (Bytes: ByteAlphabet.Read(token.Key), Id: token.Value))
            .Where(token => Utf8.IsValid(token.Bytes))
            .ToDictionary(token => Encoding.UTF8.GetString(token.Bytes), token => token.Id);
        foreach (var (token, id) in fromText) whole[token] = id;
        return whole;
    }

    // Those marked special (the separator and its like) must not be produced by a text that spells them.
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
        return (added.ToDictionary(), special);
    }

    private static NfcNormalizer? Normalizer(string path, JsonElement root)
    {
        if (!root.TryGetProperty("normalizer", out var normalizer) || normalizer.ValueKind == JsonValueKind.Null)
            return null;
        Require(path, Text(normalizer, "type") == "NFC", "its normalizer is not NFC");
        return new NfcNormalizer();
    }

    internal static bool IsSet(JsonElement element, string name)
        => element.TryGetProperty(name, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)
            && !(value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

    internal static string? Text(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.GetString()
            : null;

    internal static void Require(string path, bool fulfilled, string problem)
    {
        if (!fulfilled) throw new UserException($"tokenizer: {path}: cannot be used: {problem}; choose another");
    }
}
