using System.IO.Compression;
using System.Reflection;
using System.Text.Json;

namespace PretrainBench.Data.Tests.Tokenizers;

/// <summary>The ranks of a tiktoken encoding, from Microsoft's package of data, and the files that others make of
/// them.</summary>
internal sealed class Ranks
{
    private readonly List<string> _tokens = [];
    private readonly Dictionary<string, int> _ids = [];

    /// <param name="encoding"><c>cl100k_base</c> or <c>o200k_base</c>.</param>
    public Ranks(string encoding)
    {
        var package = encoding == "cl100k_base" ? "Cl100kBase" : "O200kBase";
        var assembly = Assembly.Load($"Microsoft.ML.Tokenizers.Data.{package}");
        using var stream = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single())!;
        using var reader = new StreamReader(new DeflateStream(stream, CompressionMode.Decompress));
        // Its first line is the capacity.
        reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line)
            _tokens.Add(ByteAlphabet.Write(Convert.FromBase64String(line)));
        for (var id = 0; id < _tokens.Count; id++) _ids.Add(_tokens[id], id);
    }

    public int Count => _tokens.Count;

    /// <summary>tiktoken's own file.</summary>
    public string Tiktoken()
        => string.Concat(_tokens.Select((token, id) => $"{Convert.ToBase64String(ByteAlphabet.Read(token))} {id}\n"));

    /// <summary>The file of Hugging Face's tokenizers.</summary>
    /// <param name="pattern">How text is split.</param>
    /// <param name="wholePieces">With every way to merge each token, and taking whole pieces first, as Llama 3's is;
    /// else with one merge a token, as OLMo 2's is.</param>
    /// <param name="separator">The only added token.</param>
    public string HuggingFace(string pattern, bool wholePieces, string separator)
    {
        var split = new
        {
            type = "Split",
            pattern = new { Regex = pattern },
            behavior = wholePieces ? "Isolated" : "Removed",
            invert = !wholePieces,
        };
        var bytes = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = false };
        var merges = _tokens.Where(token => token.Length > 1)
            .SelectMany(token => wholePieces ? Splits(token) : Merges(token));
        return JsonSerializer.Serialize(new
        {
            added_tokens = new[] { new { id = Count + 1, content = separator, special = true } },
            normalizer = (string?)null,
            pre_tokenizer = new { type = "Sequence", pretokenizers = new object[] { split, bytes } },
            model = new { type = "BPE", ignore_merges = wholePieces, vocab = _ids, merges },
        });
    }

    private IEnumerable<string[]> Splits(string token)
        => Enumerable.Range(1, token.Length - 1).Select(at => new[] { token[..at], token[at..] })
            .Where(halves => halves.All(_ids.ContainsKey))
            .OrderBy(halves => _ids[halves[0]]).ThenBy(halves => _ids[halves[1]]);

    // The two parts that remain when lower ranks are merged.
    private IEnumerable<string[]> Merges(string token)
    {
        var parts = token.Select(character => character.ToString()).ToList();
        while (parts.Count > 2)
        {
            var best = Enumerable.Range(0, parts.Count - 1)
                .MinBy(i => _ids.GetValueOrDefault(parts[i] + parts[i + 1], int.MaxValue));
            parts[best] += parts[best + 1];
            parts.RemoveAt(best + 1);
        }
        return _ids[token] < Count ? [[.. parts]] : [];
    }
}
