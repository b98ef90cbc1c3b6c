namespace PretrainBench.Theory.Quadratics;

/// <summary>
/// Two families of "optimizers" on one quadratic, trained over widths × steps: one differs by step size only, which rescales
/// the steps (a ρ_D), the other by a preconditioner, which changes the exponent in steps.
/// </summary>
public sealed record OptimizerFamilyConfig
{
    /// <summary>Default of <see cref="RelativeNoise"/>.</summary>
    public const double DefaultRelativeNoise = 5e-4;

    /// <summary>The quadratic.</summary>
    public SpectralExponents Exponents { get; init; } = new(1.5, 0.0);

    /// <summary>Model widths.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [50, 100, 200, 400, 800];

    /// <summary>Training steps.</summary>
    public IReadOnlyList<double> Steps { get; init; } = [100, 200, 400, 800, 1600, 3200];

    /// <summary>Step sizes of the first family, in units of 1/λ_1; the first is the reference.</summary>
    public IReadOnlyList<double> StepSizes { get; init; } = [0.25, 0.5, 0.75];

    /// <summary>Preconditioner powers of the second family, all at the first family's first step size; the first is the reference.</summary>
    public IReadOnlyList<double> PreconditionerPowers { get; init; } = [0, 0.2, 0.4];

    /// <summary>E, the loss that no width and no training removes (label noise).</summary>
    public double IrreducibleLoss { get; init; } = 1;

    /// <summary>Standard deviation of the seed noise that is put on each loss, relative to the loss; 0 for none.</summary>
    public double RelativeNoise { get; init; } = DefaultRelativeNoise;

    /// <summary>Seed of the noise.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Everything that is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (Widths.Count < 2 || Steps.Count < 2) errors.Add("widths and steps: at least two of each are needed for a law.");
        if (Widths.Any(width => width < 1)) errors.Add("widths: each must be at least 1.");
        if (Steps.Any(steps => !(steps > 0))) errors.Add("steps: T = 0 trains nothing; each must be above 0.");
        if (StepSizes.Count < 2 || PreconditionerPowers.Count < 2)
            errors.Add("step_sizes and preconditioner_powers: at least two of each, the first is the reference.");
        if (!(RelativeNoise >= 0 && RelativeNoise < 0.1)) errors.Add($"relative_noise = {RelativeNoise}: must be from 0 to below 0.1.");
        foreach (double size in StepSizes) errors.AddRange(PowerLawQuadratic.Check(Exponents, 1, 0, size));
        foreach (double power in PreconditionerPowers) errors.AddRange(PowerLawQuadratic.Check(Exponents, 1, power, 1));
        return [.. errors.Distinct()];
    }
}
