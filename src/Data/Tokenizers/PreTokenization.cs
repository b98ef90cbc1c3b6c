using System.Text.RegularExpressions;

namespace PretrainBench.Data;

/// <summary>The patterns by which well-known tokenizers cut text into pieces before any bytes are merged; each covers
/// every text completely. For <see cref="PieceSplitter"/>.</summary>
internal static partial class PreTokenization
{
    /// <summary>GPT-2's: English contractions; letters, digits or other characters in runs, each with one leading
    /// space; white space.</summary>
    /// <remarks>github.com/openai/gpt-2, src/encoder.py.</remarks>
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        RegexOptions.CultureInvariant)]
    public static partial Regex Gpt2();

    /// <summary>GPT-4's cl100k_base: contractions in either case, any one character before letters, at most three
    /// digits, line ends apart.</summary>
    /// <remarks>github.com/openai/tiktoken, tiktoken_ext/openai_public.py; so is the next.</remarks>
    [GeneratedRegex(@"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        + @"|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    public static partial Regex Cl100K();

    /// <summary>GPT-4o's o200k_base: words also end where small letters are followed by capitals, and keep their
    /// contraction.</summary>
    [GeneratedRegex(@"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        + @"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        + @"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        RegexOptions.CultureInvariant)]
    public static partial Regex O200K();
}
