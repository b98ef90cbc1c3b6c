using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>A byte-level tokenizer with what training needs to know about it. Safe for use by several
/// threads.</summary>
public sealed class TextTokenizer
{
    /// <summary>The token that separates documents; never produced by text, even by text that spells it.</summary>
    public const string EndOfText = "<|endoftext|>";

    private readonly BpeTokenizer _tokenizer;

    private TextTokenizer(IReadOnlyList<string> files, BpeTokenizer tokenizer, int endOfTextId)
    {
        Files = files;
        _tokenizer = tokenizer;
        EndOfTextId = endOfTextId;
        VocabularySize = tokenizer.Vocabulary.Values.Max() + 1;
        Hash = ContentHash.OfText(string.Join('\n', files.Select(ContentHash.OfFile)));
    }

    public IReadOnlyList<string> Files { get; }

    /// <summary>The largest id plus one; what a model's embedding needs.</summary>
    public int VocabularySize { get; }

    /// <summary>The id of <see cref="EndOfText"/>.</summary>
    public int EndOfTextId { get; }

    /// <summary>SHA-256 over the files' contents: the tokenizer's identity.</summary>
    public string Hash { get; }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="place">A folder with vocab.json and merges.txt or tokenizer.json, or the latter itself.</param>
    /// <exception cref="UserException">The files are missing, damaged, not byte-level BPE, or lack
    /// <see cref="EndOfText"/>.</exception>
    public static TextTokenizer Load(string place) => Load(TokenizerFiles.Find(place));

    /// <summary>Encodes a text, without separators.</summary>
    /// <param name="text">The text; text that spells a separator is encoded as the characters it has.</param>
    public IReadOnlyList<int> Encode(string text) => _tokenizer.EncodeToIds(text);

    /// <summary>Decodes ids; bytes that form no character become U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids) => _tokenizer.Decode(ids);

    /// <summary>Copies the tokenizer's files under their usual names, so that the folder can be given to
    /// <see cref="Load(string)"/>.</summary>
    internal void CopyTo(string folder)
    {
        string[] names = Files.Count == 1
            ? [TokenizerFiles.Single]
            : [TokenizerFiles.Vocabulary, TokenizerFiles.Merges];
        Directory.CreateDirectory(folder);
        foreach (var (file, name) in Files.Zip(names)) File.Copy(file, Path.Combine(folder, name));
    }

    private static TextTokenizer Load(IReadOnlyList<string> files)
    {
        var options = TokenizerFiles.Read(files);
        BpeTokenizer tokenizer;
        try
        {
            tokenizer = BpeTokenizer.Create(options);
            if (tokenizer.Vocabulary.Count == 0) throw new ArgumentException("the vocabulary is empty");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NullReferenceException)
        {
            throw TokenizerFiles.Unusable(files, e);
        }
        return tokenizer.Vocabulary.TryGetValue(EndOfText, out var endOfText)
            ? new TextTokenizer(files, tokenizer, endOfText)
            : throw new UserException($"tokenizer: {files[0]}: the vocabulary has no `{EndOfText}` to separate "
                + "documents with; add it, or choose another tokenizer");
    }
}
