namespace PretrainBench.Models.Layers;

/// <summary>Rotary positions (RoPE, arXiv 2104.09864; the halves of a head are paired, as in the published OLMo 2 and
/// LLaMA checkpoints) for one sequence length: the angles' cos and sin, made once and kept.</summary>
internal sealed class PositionTables : IDisposable
{
    /// <summary>Tables for sequences of a length in a model with such weights.</summary>
    public PositionTables(ModelShape shape, int length, Tensor weights)
    {
        using var scope = NewDisposeScope();
        Length = length;
        var half = shape.HeadDimension / 2;
        // angle[t, j] = t · θ^(−2j/K), in 64 bits: at high positions 32 bits would lose digits.
        var frequencies_J = (arange(half, dtype: ScalarType.Float64) * (-Math.Log(shape.RopeTheta) / half)).exp();
        var angles_TJ = arange(length, dtype: ScalarType.Float64).outer(frequencies_J);
        Cos_TJ = angles_TJ.cos().to(weights.dtype, weights.device).DetachFromDisposeScope();
        Sin_TJ = angles_TJ.sin().to(weights.dtype, weights.device).DetachFromDisposeScope();
    }

    public int Length { get; }

    /// <summary>Cosines of the angles, [positions, K/2].</summary>
    public Tensor Cos_TJ { get; }

    public Tensor Sin_TJ { get; }

    /// <summary>Whether they serve sequences of a length in a model with such weights.</summary>
    public bool Fit(int length, Tensor weights)
        => length == Length && weights.dtype == Cos_TJ.dtype
            && (weights.device_type, weights.device_index) == (Cos_TJ.device_type, Cos_TJ.device_index);

    /// <summary>Turns every pair of numbers of a head by its position: (a, b) → (a·cos − b·sin, b·cos + a·sin); shape
    /// as x.</summary>
    public Tensor Rotate(Tensor x_BHTK)
    {
        var halves = x_BHTK.chunk(2, -1);
        var (a_BHTJ, b_BHTJ) = (halves[0], halves[1]);
        return cat([a_BHTJ * Cos_TJ - b_BHTJ * Sin_TJ, b_BHTJ * Cos_TJ + a_BHTJ * Sin_TJ], -1);
    }

    public void Dispose()
    {
        Cos_TJ.Dispose();
        Sin_TJ.Dispose();
    }
}
