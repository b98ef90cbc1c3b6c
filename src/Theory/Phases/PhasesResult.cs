namespace PretrainBench.Theory.Phases;

/// <summary>One point of the phase diagram.</summary>
/// <param name="Windows">The same in windows of three decades, rising.</param>
/// <param name="Slices">The IsoFLOP slices that they are fitted to.</param>
public sealed record PhasePointResult(
    MeasuredPhaseExponents Headline, IReadOnlyList<MeasuredPhaseExponents> Windows, IReadOnlyList<IsoFlopSlice> Slices);

/// <summary>What the phases lab found.</summary>
/// <param name="Config">What was asked (as run: lengthened when full).</param>
/// <param name="DeterministicChecks">The deterministic limit against sampled sketches.</param>
/// <param name="Sgd">SGD against its exact mean.</param>
/// <param name="Optimizers">Curves of SGD, momentum, DANA and sign SGD.</param>
public sealed record PhasesResult(
    PhasesConfig Config,
    IReadOnlyList<PhasePointResult> Points,
    IReadOnlyList<DeterministicCheck> DeterministicChecks,
    IReadOnlyList<SgdComparison> Sgd,
    IReadOnlyList<OptimizerCurvePoint> Optimizers)
{
    public IReadOnlyList<LabTable> Tables() =>
    [
        Exponents("exponents", Points.Select(point => point.Headline)),
        Exponents("exponents_by_window", Points.SelectMany(point => point.Windows)),
        new("isoflop_optima", ["alpha", "beta", "flops", "optimal_width", "optimal_loss"],
            [.. Points.SelectMany(point => point.Slices.Select(slice => new object?[]
            {
                point.Headline.Point.Alpha, point.Headline.Point.Beta, slice.Flops, slice.OptimalWidth,
                slice.OptimalLoss,
            }))]),
        new("deterministic_check", ["width", "steps", "sampled_mean", "standard_error", "deterministic"],
            [.. DeterministicChecks.Select(
                c => new object?[] { c.Width, c.Steps, c.Sampled, c.StandardError, c.Deterministic })]),
        new("sgd_gaps", ["width", "median_gap", "rms_gap"],
            [.. Sgd.Select(s => new object?[] { s.Width, s.MedianGap, s.RmsGap })]),
        new("sgd_bins", ["width", "steps", "sgd", "volterra"],
            [.. Sgd.SelectMany(
                s => s.Bins.Select(bin => new object?[] { s.Width, bin.Steps, bin.Sgd, bin.Volterra }))]),
        new("optimizers", ["optimizer", "steps", "loss"],
            [.. Optimizers.Select(point => new object?[] { point.Optimizer, point.Steps, point.Loss })]),
    ];

    private static LabTable Exponents(string name, IEnumerable<MeasuredPhaseExponents> rows)
        => new(name,
            ["alpha", "beta", "phase", "first_flops", "last_flops", "eta", "eta_table", "eta_error", "xi",
                "xi_table", "xi_error"],
            [.. rows.Select(m => new object?[]
            {
                m.Point.Alpha, m.Point.Beta, m.Table.Phase.ToString(), m.FirstFlops, m.LastFlops,
                m.Eta, m.Table.Eta, m.Eta - m.Table.Eta, m.Xi, m.Table.Xi, m.Xi - m.Table.Xi,
            })]);
}
