using System.Text.Json;
using System.Text.RegularExpressions;
using static PretrainBench.Data.HuggingFaceTokenizer;

namespace PretrainBench.Data;

/// <summary>Reads how a <c>tokenizer.json</c> cuts text into pieces: GPT-2's ByteLevel alone, or a sequence of Split
/// and Digits before a ByteLevel, as in Llama 3's, GPT-4o's, OLMo 2's and Qwen's.</summary>
internal static class HuggingFacePatterns
{
    /// <exception cref="UserException">The text is cut in another way.</exception>
    /// <exception cref="ArgumentException">A pattern is none of .NET's.</exception>
    public static Regex[] Read(string path, JsonElement preTokenizer)
    {
        JsonElement[] steps = Text(preTokenizer, "type") == "Sequence"
            ? [.. preTokenizer.GetProperty("pretokenizers").EnumerateArray()]
            : [preTokenizer];
        var last = steps.LastOrDefault();
        Require(path, Text(last, "type") == "ByteLevel" && !IsSet(last, "add_prefix_space"),
            "its pre-tokenizer does not end in ByteLevel without prefix space");
        var byGpt2 = !last.TryGetProperty("use_regex", out var regex) || regex.ValueKind == JsonValueKind.True;
        var patterns = steps.SkipLast(1).Select(step => Pattern(path, step));
        return [.. byGpt2 ? patterns.Append(PreTokenization.Gpt2()) : patterns];
    }

    private static Regex Pattern(string path, JsonElement step)
    {
        if (Text(step, "type") == "Digits") return Compiled(IsSet(step, "individual_digits") ? @"\p{N}" : @"\p{N}+");
        Require(path, Text(step, "type") == "Split", $"its pre-tokenizer has a step `{Text(step, "type")}`");
        // Some keep what is matched by removing the rest, of which patterns that cover every text leave nothing.
        var behavior = Text(step, "behavior");
        Require(path, behavior == "Isolated" || (behavior == "Removed" && IsSet(step, "invert")),
            "its pre-tokenizer's Split does not isolate what it matches");
        var pattern = step.GetProperty("pattern");
        return Compiled(Text(pattern, "Regex") ?? Regex.Escape(Text(pattern, "String")!));
    }

    private static Regex Compiled(string pattern)
        => new(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled);
}
