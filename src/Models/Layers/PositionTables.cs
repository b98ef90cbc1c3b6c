namespace PretrainBench.Models.Layers;

/// <summary>Rotary positions (RoPE, arXiv 2104.09864; the halves of a head are paired, as in the published OLMo 2 and
/// LLaMA checkpoints) for one sequence length: the angles' cos and sin, made once and kept.</summary>
internal sealed class PositionTables : IDisposable
{
    private readonly Tensor _cos_TJ, _sin_TJ;

    /// <summary>Tables for sequences of a length in a model with such weights.</summary>
    public PositionTables(ModelShape shape, int length, Tensor weights)
    {
        using var scope = NewDisposeScope();
        Length = length;
        var half = shape.HeadDimension / 2;
        // angle[t, j] = t · θ^(−2j/K), in 64 bits: at high positions 32 bits would lose digits.
        var frequencies_J = (arange(half, dtype: ScalarType.Float64) * (-Math.Log(shape.RopeTheta) / half)).exp();
        var angles_TJ = arange(length, dtype: ScalarType.Float64).outer(frequencies_J);
        _cos_TJ = angles_TJ.cos().to(weights.dtype, weights.device).DetachFromDisposeScope();
        _sin_TJ = angles_TJ.sin().to(weights.dtype, weights.device).DetachFromDisposeScope();
    }

    public int Length { get; }

    /// <summary>Whether they serve sequences of a length in a model with such weights.</summary>
    public bool Fit(int length, Tensor weights)
        => length == Length && weights.dtype == _cos_TJ.dtype
            && (weights.device_type, weights.device_index) == (_cos_TJ.device_type, _cos_TJ.device_index);

    /// <summary>Turns every pair of numbers of a head by its position: (a, b) → (a·cos − b·sin, b·cos + a·sin); shape
    /// as x.</summary>
    public Tensor Rotate(Tensor x_BHTK)
    {
        var halves = x_BHTK.chunk(2, -1);
        var (a_BHTJ, b_BHTJ) = (halves[0], halves[1]);
        return cat([a_BHTJ * _cos_TJ - b_BHTJ * _sin_TJ, b_BHTJ * _cos_TJ + a_BHTJ * _sin_TJ], -1);
    }

    public void Dispose()
    {
        _cos_TJ.Dispose();
        _sin_TJ.Dispose();
    }
}
