namespace Microsoft.ML.Tokenizers;

/// <summary>Splits a text into pieces across which nothing is merged.</summary>
public abstract class PreTokenizer
{
    /// <summary>Creates a pre-tokenizer.</summary>
    protected PreTokenizer()
    {
    }

    /// <summary>The pieces' places.</summary>
    /// <param name="text">The text.</param>
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(string text);

    /// <summary>The pieces' places.</summary>
    /// <param name="text">The text.</param>
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text);
}
