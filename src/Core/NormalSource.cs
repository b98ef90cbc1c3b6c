using System.Runtime.Intrinsics;

namespace PretrainBench.Core;

/// <summary>Independent standard normal numbers from a seed and a purpose, fast enough for 1e10 of them: eight lanes of
/// xoshiro256++ (Blackman &amp; Vigna, arXiv 1805.01407) and the Box–Muller transform. Equal arguments give equal
/// numbers, whatever other sources do; so work that owns its source gives the same result on any number of threads. Not
/// safe for use from two threads at once.</summary>
public sealed class NormalSource
{
    private const float RadiusScale = 1f / (1u << 24);
    private Vector512<ulong> _s0, _s1, _s2, _s3;

    /// <summary>Opens a source.</summary>
    /// <param name="purpose">What is drawn, such as <c>phases:sketch</c>; sources of different purposes are
    /// independent.</param>
    /// <param name="index">Which of several, such as a repetition.</param>
    public NormalSource(ulong seed, string purpose, long index = 0)
    {
        var state = SeedSequence.Derive(seed, purpose, index);
        Span<ulong> words = stackalloc ulong[32];
        for (var i = 0; i < words.Length; i++) words[i] = Mix(state += 0x9E3779B97F4A7C15UL);
        _s0 = Vector512.Create<ulong>(words);
        _s1 = Vector512.Create<ulong>(words[8..]);
        _s2 = Vector512.Create<ulong>(words[16..]);
        _s3 = Vector512.Create<ulong>(words[24..]);
    }

    /// <summary>Fills with normals in single precision: 24-bit uniforms, so |z| stays below 5.8 (one value in 1.5e8
    /// would lie beyond).</summary>
    public void Fill(Span<float> destination)
    {
        Span<float> block = stackalloc float[32];
        for (var at = 0; at < destination.Length; at += 32)
        {
            var count = Math.Min(32, destination.Length - at);
            Span<float> target = count == 32 ? destination.Slice(at, 32) : block;
            Block(out var first, out var second);
            first.CopyTo(target);
            second.CopyTo(target[16..]);
            if (count < 32) block[..count].CopyTo(destination[at..]);
        }
    }

    /// <summary>Fills with normals in double precision: 53-bit uniforms.</summary>
    public void Fill(Span<double> destination)
    {
        Span<double> block = stackalloc double[16];
        for (var at = 0; at < destination.Length; at += 16)
        {
            var count = Math.Min(16, destination.Length - at);
            Span<double> target = count == 16 ? destination.Slice(at, 16) : block;
            var radius = Vector512.Sqrt(-2.0 * Vector512.Log(Uniform(Next())));
            var (sine, cosine) = Vector512.SinCos(2 * Math.PI * Uniform(Next()));
            (radius * cosine).CopyTo(target);
            (radius * sine).CopyTo(target[8..]);
            if (count < 16) block[..count].CopyTo(destination[at..]);
        }
    }

    /// <summary>A new array of normals in double precision.</summary>
    public double[] Normals(int count)
    {
        var values = new double[count];
        Fill(values);
        return values;
    }

    /// <summary>A whole number from 0 to below <paramref name="bound"/>, uniform to within 2^-32.</summary>
    public int NextIndex(int bound) => (int)((Next()[0] >> 32) * (ulong)bound >> 32);

    private void Block(out Vector512<float> first, out Vector512<float> second)
    {
        // Bits 24 and up of each 32-bit half: the low ones of the state are the weaker ones.
        var radius = Vector512.Sqrt(-2f * Vector512.Log(Uniform(Next().AsUInt32())));
        var (sine, cosine) = Vector512.SinCos(2 * MathF.PI * Uniform(Next().AsUInt32()));
        first = radius * cosine;
        second = radius * sine;
    }

    // Uniform in (0, 1]: zero would have an infinite logarithm.
    private static Vector512<float> Uniform(Vector512<uint> bits)
        => (Vector512.ConvertToSingle(Vector512.ShiftRightLogical(bits, 8).AsInt32()) + Vector512<float>.One)
            * RadiusScale;

    private static Vector512<double> Uniform(Vector512<ulong> bits)
        => (Vector512.ConvertToDouble(Vector512.ShiftRightLogical(bits, 11).AsInt64()) + Vector512<double>.One)
            * (1.0 / (1UL << 53));

    private Vector512<ulong> Next()
    {
        var sum = _s0 + _s3;
        var result = (Vector512.ShiftLeft(sum, 23) | Vector512.ShiftRightLogical(sum, 41)) + _s0;
        var shifted = Vector512.ShiftLeft(_s1, 17);
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = Vector512.ShiftLeft(_s3, 45) | Vector512.ShiftRightLogical(_s3, 19);
        return result;
    }

    // SplitMix64's finaliser: spreads neighbouring seeds over the whole state space.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
