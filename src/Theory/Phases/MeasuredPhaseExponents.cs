namespace PretrainBench.Theory.Phases;

/// <summary>η and ξ fitted over one window of budgets, beside the table.</summary>
/// <param name="Point">(α, β).</param>
/// <param name="Table">What the theory's table says.</param>
/// <param name="FirstFlops">Where the window begins.</param>
/// <param name="LastFlops">Where it ends.</param>
/// <param name="Eta">Measured η: −slope of log P* in log f.</param>
/// <param name="Xi">Measured ξ: slope of log d* in log f.</param>
public sealed record MeasuredPhaseExponents(
    PowerLawPoint Point, PhaseExponents Table, double FirstFlops, double LastFlops, double Eta, double Xi)
{
    /// <summary>Fits the slices whose budget lies in the window.</summary>
    public static MeasuredPhaseExponents Fit(PowerLawPoint point, IEnumerable<IsoFlopSlice> slices, double firstFlops, double lastFlops)
    {
        // Budgets are powers of ten computed in floating point: a hair of room keeps both ends in.
        var inside = slices.Where(s => s.Flops >= firstFlops * 0.999 && s.Flops <= lastFlops * 1.001).ToArray();
        var flops = Array.ConvertAll(inside, s => s.Flops);
        return new MeasuredPhaseExponents(
            point,
            PhaseExponents.At(point),
            firstFlops,
            lastFlops,
            -PowerLawFit.Of(flops, Array.ConvertAll(inside, s => s.OptimalLoss)).Slope,
            PowerLawFit.Of(flops, Array.ConvertAll(inside, s => s.OptimalWidth)).Slope);
    }
}
