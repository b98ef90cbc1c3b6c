using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Quadratics;

/// <summary>One cell of a family's table.</summary>
/// <param name="Optimizer">Name, with the parameter that tells it from the reference.</param>
/// <param name="Width">Directions kept: the N of a scaling law.</param>
/// <param name="Steps">Training steps: the D of a scaling law.</param>
/// <param name="Loss">Irreducible + approximation + optimisation, with seed noise.</param>
public sealed record FamilyLoss(string Optimizer, int Width, double Steps, double Loss);

/// <summary>Builds the tables of losses that are handed to the laws.</summary>
internal static class OptimizerFamily
{
    /// <summary>Optimizers that differ by a step-size factor: L_o(d, k) = L(d, ρ_D k) up to O(η), so exponents are
    /// shared.</summary>
    public static IReadOnlyList<FamilyLoss> BySteps(OptimizerFamilyConfig config)
        => Losses(config, "quadratic:step-size", config.StepSizes, size => ($"step-{size}", 0, size));

    /// <summary>Optimizers that differ by a preconditioner λ^−p: the exponent in steps is ω/(1−p), so it is not
    /// shared.</summary>
    public static IReadOnlyList<FamilyLoss> ByPreconditioner(OptimizerFamilyConfig config)
        => Losses(config, "quadratic:preconditioner", config.PreconditionerPowers,
            power => ($"precondition-{power}", power, config.StepSizes[0]));

    private static List<FamilyLoss> Losses(
        OptimizerFamilyConfig config, string purpose,
        IReadOnlyList<double> members, Func<double, (string Name, double P, double Eta)> describe)
    {
        var rows = new List<FamilyLoss>();
        var widest = config.Widths.Max();
        var noise = new NormalSource(config.Seed, purpose)
            .Normals(members.Count * config.Widths.Count * config.Steps.Count);
        foreach (var member in members)
        {
            var (name, power, stepSize) = describe(member);
            var problem = new PowerLawQuadratic(config.Exponents, widest, power, stepSize);
            foreach (var width in config.Widths)
            {
                foreach (var steps in config.Steps)
                {
                    var loss = config.IrreducibleLoss + problem.ApproximationLoss(width)
                        + problem.OptimizationLoss(width, steps);
                    rows.Add(new FamilyLoss(name, width, steps, loss * (1 + config.RelativeNoise * noise[rows.Count])));
                }
            }
        }
        return rows;
    }
}

/// <summary>Two families of "optimizers" on one quadratic, trained over widths × steps: one differs by step size only,
/// which rescales the steps (a ρ_D), the other by a preconditioner, which changes the exponent in steps.</summary>
public sealed record OptimizerFamilyConfig : IValidated
{
    /// <summary>Default of <see cref="RelativeNoise"/>.</summary>
    public const double DefaultRelativeNoise = 5e-4;

    /// <summary>The quadratic; widths and steps below keep its optimisation and approximation losses of like
    /// size.</summary>
    public SpectralExponents Exponents { get; init; } = new(1.25, 0.25);

    public IReadOnlyList<int> Widths { get; init; } = [100, 200, 400, 800, 1600];

    public IReadOnlyList<double> Steps { get; init; } = [30, 60, 120, 240, 480, 960];

    /// <summary>Step sizes of the first family, in units of 1/λ_1; the first is the reference.</summary>
    public IReadOnlyList<double> StepSizes { get; init; } = [0.25, 0.5, 0.75];

    /// <summary>Preconditioner powers of the second family, all at the first family's first step size; the first is the
    /// reference.</summary>
    public IReadOnlyList<double> PreconditionerPowers { get; init; } = [0, 0.2, 0.4];

    /// <summary>E, the loss that no width and no training removes (label noise).</summary>
    public double IrreducibleLoss { get; init; } = 1;

    /// <summary>Standard deviation of the seed noise that is put on each loss, relative to the loss; 0 for
    /// none.</summary>
    public double RelativeNoise { get; init; } = DefaultRelativeNoise;

    public ulong Seed { get; init; } = 1;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Widths.Count < 2) yield return (nameof(Widths), "at least two are needed for a law");
        if (Widths.Any(width => width < 1)) yield return (nameof(Widths), "each must be at least 1");
        if (Steps.Count < 2) yield return (nameof(Steps), "at least two are needed for a law");
        if (Steps.Any(steps => !(steps > 0)))
            yield return (nameof(Steps), "T = 0 trains nothing; each must be above 0");
        if (StepSizes.Count < 2)
            yield return (nameof(StepSizes), "at least two are needed, the first is the reference");
        if (PreconditionerPowers.Count < 2)
            yield return (nameof(PreconditionerPowers), "at least two are needed, the first is the reference");
        if (!(RelativeNoise >= 0 && RelativeNoise < 0.1))
            yield return (nameof(RelativeNoise), $"{RelativeNoise} must be from 0 to below 0.1");
        foreach (var size in StepSizes)
            foreach (var problem in PowerLawQuadratic.Check(Exponents, 1, 0, size))
                yield return (nameof(StepSizes), problem);
        foreach (var power in PreconditionerPowers)
            foreach (var problem in PowerLawQuadratic.Check(Exponents, 1, power, 1))
                yield return (nameof(PreconditionerPowers), problem);
    }
}
