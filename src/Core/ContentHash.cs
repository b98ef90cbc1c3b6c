using System.Security.Cryptography;
using System.Text;

namespace PretrainBench.Core;

/// <summary>SHA-256 of contents, in lower-case hexadecimal: identities of runs, tokenizers and data.</summary>
public static class ContentHash
{
    /// <summary>Hexadecimal digits of a short identity: 48 bits, enough to tell a million runs apart.</summary>
    public const int ShortLength = 12;

    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The hash of a file's content.</summary>
    public static string OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The first <see cref="ShortLength"/> digits of a text's hash.</summary>
    public static string ShortOfText(string text) => OfText(text)[..ShortLength];
}
