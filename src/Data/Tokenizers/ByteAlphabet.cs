using System.Collections.Frozen;

namespace PretrainBench.Data;

/// <summary>GPT-2's way of writing tokens, which are bytes, as text: printable Latin-1 characters stand for themselves,
/// the other bytes for the characters from U+0100 on, in their order (so a space is written Ġ).</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();

    private static readonly FrozenDictionary<char, byte> Values = Characters
        .Select((character, value) => KeyValuePair.Create(character, (byte)value)).ToFrozenDictionary();

    /// <summary>Writes a token's bytes as text.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
        => string.Create(bytes.Length, bytes, static (characters, bytes) =>
        {
            for (var i = 0; i < bytes.Length; i++) characters[i] = Characters[bytes[i]];
        });

    /// <summary>Reads a token's bytes from what <see cref="Write"/> wrote; text that is not of that kind stands for its
    /// own bytes.</summary>
    public static byte[] Read(string token)
        => token.All(Values.ContainsKey) ? [.. token.Select(character => Values[character])]
            : Encoding.UTF8.GetBytes(token);

    private static char[] Build()
    {
        var characters = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
            characters[value] = (char)(IsPrintable(value) ? value : next++);
        return characters;
    }

    private static bool IsPrintable(int value)
        => value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
}
