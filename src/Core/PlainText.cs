namespace PretrainBench.Core;

/// <summary>Text from files on a terminal: control characters could move the cursor, change colours and titles, or hide
/// what stands there.</summary>
public static class PlainText
{
    /// <summary>The text with every control character but line ends and tabulators replaced by U+FFFD.</summary>
    public static string Of(string text)
        => text.Any(IsHarmful) ? string.Concat(text.Select(letter => IsHarmful(letter) ? '\uFFFD' : letter)) : text;

    // Bidirectional overrides turn around what follows.
    internal static bool IsHarmful(char letter)
        => (char.IsControl(letter) && letter is not ('\n' or '\t'))
            || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
