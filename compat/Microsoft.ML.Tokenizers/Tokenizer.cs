namespace Microsoft.ML.Tokenizers;

/// <summary>Turns text into token ids and back. Safe for use by several threads.</summary>
public abstract class Tokenizer
{
    /// <summary>Creates a tokenizer.</summary>
    protected Tokenizer()
    {
    }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="considerPreTokenization">Whether the text is split into pieces first.</param>
    /// <param name="considerNormalization">Whether the text is normalised first.</param>
    public IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(text, considerPreTokenization, considerNormalization);
    }

    /// <summary>Decodes ids; bytes that form no character become U+FFFD.</summary>
    /// <param name="ids">The token ids.</param>
    public virtual string Decode(IEnumerable<int> ids) => DecodeIds(ids);

    private protected abstract string DecodeIds(IEnumerable<int> ids);

    private protected abstract List<int> Encode(string text, bool considerPreTokenization, bool considerNormalization);
}
