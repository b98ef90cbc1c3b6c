using System.Text.RegularExpressions;

namespace PretrainBench.Data;

/// <summary>How text is cut into pieces before any bytes are merged.</summary>
internal static partial class PreTokenization
{
    /// <summary>GPT-2's pattern: English contractions; letters, digits or other characters in runs, each with one
    /// leading space; white space. Every text is covered completely. Deviation: .NET's classes see UTF-16 units, so
    /// letters beyond U+FFFF count as other characters (GPT-2: letters).</summary>
    /// <remarks>github.com/openai/gpt-2, src/encoder.py.</remarks>
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        RegexOptions.CultureInvariant)]
    public static partial Regex Gpt2();
}
