using MathNet.Numerics.Distributions;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Design;

/// <summary>
/// The precision that a grid will give, before it is trained: the covariance σ² (JᵀJ)⁻¹ of least squares at the assumed
/// truth, carried to rho by the delta method.
/// </summary>
public static class GridDesign
{
    /// <summary>The power at which a rho counts as detectable.</summary>
    public const double Power = 0.8;

    /// <summary>Evaluates a grid.</summary>
    /// <param name="request">Cells, seed noise, assumed truth.</param>
    /// <returns>Expected standard errors, detectable rho, condition and warnings.</returns>
    /// <exception cref="UserException">The grid cannot determine the law, or the request cannot be used.</exception>
    public static DesignResult Evaluate(DesignRequest request)
    {
        if (request.Cells.Count == 0) throw new UserException("The grid has no cells; give optimizers, sizes and tokens per parameter.");
        if (request.Cells.FirstOrDefault(cell => !(cell.N > 0) || !(cell.D > 0) || cell.Seeds < 1) is { } bad)
            throw new UserException($"The planned cell {bad.Optimizer}, N = {bad.N}, D = {bad.D}, seeds = {bad.Seeds} is impossible: all must be above zero.");
        if (!(request.SeedNoise > 0)) throw new UserException("A design needs the seed noise of the loss in nats, above zero; small models have about 0.001 to 0.003.");
        var law = LawRegistry.Get(request.Law);
        if (law.SecondVariable != LawVariable.Tokens || law.FirstVariable != LawVariable.Parameters)
            throw new UserException($"A design is made for laws in N and D; '{law.Name}' is in compute, which no run has measured yet.");
        var rows = Rows(request);
        FitRequirements.Check(new RunTable { Rows = rows }, law);
        var fit = new PreparedFit(rows, law, new FitOptions { Reference = request.Reference });
        var precision = new List<ExpectedPrecision>();
        var detectable = new List<DetectableRho>();
        double condition = 1;
        var target = request.Target ?? DefaultTarget(rows);
        foreach (var part in fit.Parts)
        {
            var covariance = new DesignCovariance(fit, part, Model(fit, request.Truth), request.SeedNoise);
            condition = Math.Max(condition, covariance.ConditionOfExponents);
            covariance.Describe(request.Confidence, target, precision, detectable);
        }
        return new()
        {
            Law = law.Name,
            Runs = rows.Count,
            Flops = rows.Sum(row => 6 * row.N * row.D),
            SeedNoise = request.SeedNoise,
            Precision = precision,
            Detectable = detectable,
            ConditionNumberOfExponents = condition,
            Findings = Findings(rows, target, condition, request.Cells),
        };
    }

    /// <summary>log rho is detected when it is this many standard errors from zero.</summary>
    internal static double Threshold => Normal.InvCDF(0, 1, 0.975) + Normal.InvCDF(0, 1, Power);

    /// <summary>The assumed truth as a model of the prepared fit's law.</summary>
    internal static LawModel Model(PreparedFit fit, DesignTruth truth) => fit.Model([.. fit.Optimizers.Select(name => new LawCoefficients(
        truth.E,
        truth.A * Math.Pow(truth.RhoN.GetValueOrDefault(name, 1), -truth.Alpha),
        truth.B * Math.Pow(truth.RhoD.GetValueOrDefault(name, 1), -truth.Beta),
        truth.Alpha, truth.Beta))]);

    private static List<RunRow> Rows(DesignRequest request)
        => [.. request.Cells.SelectMany(cell => Enumerable.Range(0, cell.Seeds).Select(seed => new RunRow
        {
            Optimizer = cell.Optimizer, N = cell.N, D = cell.D, Size = cell.N.Rounded(6), Seed = seed, Loss = request.Truth.Loss(cell.Optimizer, cell.N, cell.D),
        }))];

    private static (double N, double D) DefaultTarget(List<RunRow> rows)
    {
        var n = 10 * rows.Max(row => row.N);
        return (n, n * Uncertainty.Statistics.Quantile([.. rows.Select(row => row.D / row.N).Order()], 0.5));
    }

    private static List<Finding> Findings(List<RunRow> rows, (double N, double D) target, double condition, IReadOnlyList<PlannedCell> cells)
    {
        var findings = new List<Finding>();
        if (rows.Max(row => row.D / row.N) <= 1.05 * rows.Min(row => row.D / row.N))
            findings.Add(new(Severity.Warning, "fixed-ratio", "Every cell has the same tokens per parameter: N and D grow together and their exponents "
                + "cannot be told apart. Add ratios."));
        else if (condition > 1e3)
            findings.Add(new(Severity.Warning, "ill-conditioned", $"The exponents are poorly separated (condition number {condition.Rounded(2)}); more ratios help most."));
        if (cells.All(cell => cell.Seeds == 1) && cells.GroupBy(cell => (cell.Optimizer, cell.N, cell.D)).All(cell => cell.Count() == 1))
            findings.Add(new(Severity.Note, "no-repeats", "No cell is repeated with another seed, so the runs themselves cannot tell how large seed noise is: "
                + "repeat at least one small cell three times."));
        findings.Add(new(Severity.Note, "assumptions", $"Expected precision holds if the law is true and seed noise is all that differs; the loss is forecast at "
            + $"N = {target.N.Rounded(3)}, D = {target.D.Rounded(3)}."));
        return findings;
    }
}
