namespace Microsoft.ML.Tokenizers;

/// <summary>Changes a text before it is split and encoded.</summary>
public abstract class Normalizer
{
    /// <summary>Creates a normalizer.</summary>
    protected Normalizer()
    {
    }

    /// <summary>The normalised text.</summary>
    /// <param name="original">The text as given.</param>
    public abstract string Normalize(string original);

    /// <summary>The normalised text.</summary>
    /// <param name="original">The text as given.</param>
    public abstract string Normalize(ReadOnlySpan<char> original);
}
