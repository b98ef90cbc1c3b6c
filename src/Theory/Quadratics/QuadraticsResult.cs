namespace PretrainBench.Theory.Quadratics;

/// <summary>What the quadratics lab found.</summary>
/// <param name="Exponents">Predicted against measured exponents.</param>
/// <param name="Phases">Both phases and the decomposition of the loss.</param>
/// <param name="StepSizeFamily">Losses of optimizers that differ by a step-size factor.</param>
/// <param name="PreconditionerFamily">Losses of optimizers that differ by a preconditioner.</param>
/// <param name="Comparisons">What the laws say about each family: shared exponents hold for the first and fail for the
/// second.</param>
public sealed record QuadraticsResult(
    QuadraticsConfig Config,
    IReadOnlyList<ExponentMeasurement> Exponents,
    IReadOnlyList<PhasePoint> Phases,
    IReadOnlyList<FamilyLoss> StepSizeFamily,
    IReadOnlyList<FamilyLoss> PreconditionerFamily,
    IReadOnlyList<FamilyComparison> Comparisons)
{
    public IReadOnlyList<LabTable> Tables() =>
    [
        new("exponents",
            ["a", "b", "preconditioner_power", "predicted_steps", "measured_steps", "error_steps", "predicted_width",
                "measured_width", "error_width", "prefactor_ratio", "measured_width_cut_at_D"],
            [.. Exponents.Select(e => new object?[]
            {
                e.Exponents.A, e.Exponents.B, e.PreconditionerPower, e.PredictedSteps, e.MeasuredSteps, e.StepError,
                e.PredictedWidth, e.MeasuredWidth, e.WidthError, e.PrefactorRatio, e.MeasuredWidthCutAtD,
            })]),
        new("phases",
            ["width", "steps", "optimization_loss", "approximation_loss", "phase_one_prediction", "slowest_time"],
            [.. Phases.Select(p => new object?[]
            {
                p.Width, p.Steps, p.Optimization, p.Approximation, p.PhaseOnePrediction, p.SlowestTime,
            })]),
        FamilyTable("family_step_size", StepSizeFamily),
        FamilyTable("family_preconditioner", PreconditionerFamily),
        new("family_comparison",
            ["family", "shared_exponents_hold", "aicc_advantage_of_shared", "held_out_error_shared",
                "held_out_error_separate", "optimizer",
                "beta_separate", "rho_d_shared"],
            [.. Comparisons.SelectMany(c => c.Exponents.Keys.Select(optimizer => new object?[]
            {
                c.Family, c.SharedExponentsHold, c.AiccAdvantage, c.SharedError, c.SeparateError, optimizer,
                c.Exponents[optimizer], c.Efficiencies[optimizer],
            }))]),
    ];

    private static LabTable FamilyTable(string name, IReadOnlyList<FamilyLoss> rows)
        => new(name, ["optimizer", "width", "steps", "loss"],
            [.. rows.Select(row => new object?[] { row.Optimizer, row.Width, row.Steps, row.Loss })]);
}
