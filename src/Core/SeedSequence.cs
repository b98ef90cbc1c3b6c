using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PretrainBench.Core;

/// <summary>Independent seeds from one: each consumer names what it draws, so that adding a consumer never changes the
/// others' numbers.</summary>
public static class SeedSequence
{
    /// <summary>The seed of one consumer.</summary>
    /// <param name="purpose">What is drawn, such as <c>init:blocks.0.attention.query</c>.</param>
    /// <param name="index">Which of several, such as a bootstrap replicate.</param>
    public static ulong Derive(ulong seed, string purpose, long index = 0)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{purpose}/{index}"));
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>A generator of one consumer; .NET promises the sequence of a seeded <see cref="Random"/>.</summary>
    /// <param name="purpose">What is drawn.</param>
    public static Random Generator(ulong seed, string purpose, long index = 0)
        => new((int)(Derive(seed, purpose, index) & int.MaxValue));
}
