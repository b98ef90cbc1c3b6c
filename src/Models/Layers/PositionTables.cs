namespace PretrainBench.Models.Layers;

/// <summary>Rotary angles and the causal mask for one sequence length, made once and kept.</summary>
internal sealed class PositionTables : IDisposable
{
    /// <summary>Tables for sequences of a length.</summary>
    public PositionTables(ModelShape shape, int length, Device device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Length = length;
        var half = shape.HeadDimension / 2;
        // angle[t, j] = t · θ^(−2j/K), in 64 bits: at high positions 32 bits would lose digits.
        var frequencies_J = (arange(half, dtype: ScalarType.Float64) * (-Math.Log(shape.RopeTheta) / half)).exp();
        var angles_TJ = arange(length, dtype: ScalarType.Float64).outer(frequencies_J);
        var scale = 1 / Math.Sqrt(shape.HeadDimension);
        KeyCos_TK = Keep(cat([angles_TJ.cos(), angles_TJ.cos()], 1));
        KeySin_TJ = Keep(angles_TJ.sin());
        QueryCos_TK = Keep(cat([angles_TJ.cos(), angles_TJ.cos()], 1) * scale);
        QuerySin_TJ = Keep(angles_TJ.sin() * scale);
        Mask_TT = Keep(full(new long[] { length, length }, double.NegativeInfinity, dtype: ScalarType.Float64).triu(1));

        Tensor Keep(Tensor table) => table.to(dtype, device).DetachFromDisposeScope();
    }

    /// <summary>Positions.</summary>
    public int Length { get; }

    /// <summary>Whether they serve sequences of a length in a model with such weights.</summary>
    public bool Fits(int length, Tensor weights)
        => length == Length && weights.dtype == KeySin_TJ.dtype && weights.device.ToString() == KeySin_TJ.device.ToString();

    /// <summary>cos of the angles, twice side by side, [time, head dimension].</summary>
    public Tensor KeyCos_TK { get; }

    /// <summary>sin of the angles, [time, head dimension / 2].</summary>
    public Tensor KeySin_TJ { get; }

    /// <summary>As for the keys, times 1/sqrt(head dimension): the scores' scale costs nothing this way.</summary>
    public Tensor QueryCos_TK { get; }

    /// <summary>As for the keys, times 1/sqrt(head dimension).</summary>
    public Tensor QuerySin_TJ { get; }

    /// <summary>0 where a key may be seen, −∞ where it lies in the future, [time, time].</summary>
    public Tensor Mask_TT { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in new[] { KeyCos_TK, KeySin_TJ, QueryCos_TK, QuerySin_TJ, Mask_TT }) table.Dispose();
    }
}
