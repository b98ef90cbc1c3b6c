namespace PretrainBench.Data;

/// <summary>A byte-level tokenizer with what training needs to know about it. Safe for use by several
/// threads.</summary>
public sealed class TextTokenizer
{
    /// <summary>The token that separates documents; never produced by text, even by text that spells it.</summary>
    public const string EndOfText = "<|endoftext|>";

    private readonly TokenizerModel _model;

    private TextTokenizer(IReadOnlyList<string> files)
    {
        Files = files;
        _model = TokenizerFiles.Read(files);
        VocabularySize = _model.Tokens.Keys.Max() + 1;
        Hash = ContentHash.OfText(string.Join('\n', files.Select(ContentHash.OfFile)));
    }

    public IReadOnlyList<string> Files { get; }

    /// <summary>The largest id plus one; what a model's embedding needs.</summary>
    public int VocabularySize { get; }

    /// <summary>The id of the separator.</summary>
    public int EndOfTextId => _model.EndOfTextId;

    /// <summary>SHA-256 over the files' contents: the tokenizer's identity.</summary>
    public string Hash { get; }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="place">A folder with vocab.json and merges.txt tokenizer.json or a .tiktoken file, or one of the
    /// latter itself.</param>
    /// <exception cref="UserException">The files are missing, damaged, not byte-level BPE, or lack
    /// <see cref="EndOfText"/>.</exception>
    public static TextTokenizer Load(string place) => new(TokenizerFiles.Find(place));

    /// <summary>Encodes a text, without separators.</summary>
    /// <param name="text">The text; text that spells a separator is encoded as the characters it has.</param>
    public IReadOnlyList<int> Encode(string text) => _model.Engine.EncodeToIds(text);

    /// <summary>Decodes ids; bytes that form no character become U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids)
        => Encoding.UTF8.GetString([.. ids.SelectMany(id => _model.Tokens.GetValueOrDefault(id) ?? [])]);

    /// <summary>The bytes of text that an id stands for: none for separators and their like; null where the vocabulary
    /// has no such id.</summary>
    internal byte[]? TextOf(long id)
        => id > int.MaxValue || !_model.Tokens.TryGetValue((int)id, out var bytes) ? null
            : _model.Special.Contains((int)id) ? [] : bytes;

    /// <summary>Copies the tokenizer's files under their usual names, so that the folder can be given to
    /// <see cref="Load(string)"/>.</summary>
    internal void CopyTo(string folder)
    {
        string[] names = Files.Count > 1 ? [TokenizerFiles.Vocabulary, TokenizerFiles.Merges]
            : Path.GetExtension(Files[0]) == TiktokenFile.Ending ? [$"ranks{TiktokenFile.Ending}"]
            : [TokenizerFiles.Single];
        Directory.CreateDirectory(folder);
        foreach (var (file, name) in Files.Zip(names)) File.Copy(file, Path.Combine(folder, name));
    }
}
