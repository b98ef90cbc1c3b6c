namespace PretrainBench.Theory.Quadratics;

/// <summary>One cell of a family's table.</summary>
/// <param name="Optimizer">Name, with the parameter that tells it from the reference.</param>
/// <param name="Width">Directions kept: the N of a scaling law.</param>
/// <param name="Steps">Training steps: the D of a scaling law.</param>
/// <param name="Loss">Irreducible + approximation + optimisation, with seed noise.</param>
public sealed record FamilyLoss(string Optimizer, int Width, double Steps, double Loss);

/// <summary>Builds the tables of losses that are handed to the laws.</summary>
public static class OptimizerFamily
{
    /// <summary>Optimizers that differ by a step-size factor: L_o(d, k) = L(d, ρ_D k) up to O(η), so exponents are shared.</summary>
    public static IReadOnlyList<FamilyLoss> BySteps(OptimizerFamilyConfig config)
        => Losses(config, "quadratic:step-size", config.StepSizes, size => ($"step-{size}", 0, size));

    /// <summary>Optimizers that differ by a preconditioner λ^−p: the exponent in steps is ω/(1−p), so it is not shared.</summary>
    public static IReadOnlyList<FamilyLoss> ByPreconditioner(OptimizerFamilyConfig config)
        => Losses(config, "quadratic:preconditioner", config.PreconditionerPowers, power => ($"precondition-{power}", power, config.StepSizes[0]));

    private static List<FamilyLoss> Losses(
        OptimizerFamilyConfig config, string purpose, IReadOnlyList<double> members, Func<double, (string Name, double P, double Eta)> describe)
    {
        var rows = new List<FamilyLoss>();
        var widest = config.Widths.Max();
        var noise = new NormalSource(config.Seed, purpose).Normals(members.Count * config.Widths.Count * config.Steps.Count);
        foreach (var member in members)
        {
            var (name, power, stepSize) = describe(member);
            var problem = new PowerLawQuadratic(config.Exponents, widest, power, stepSize);
            foreach (var width in config.Widths)
            {
                foreach (var steps in config.Steps)
                {
                    var loss = config.IrreducibleLoss + problem.ApproximationLoss(width) + problem.OptimizationLoss(width, steps);
                    rows.Add(new FamilyLoss(name, width, steps, loss * (1 + config.RelativeNoise * noise[rows.Count])));
                }
            }
        }
        return rows;
    }
}
