using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Design;

/// <summary>The precision that a grid is expected to give.</summary>
/// <param name="Optimizer">The optimizer, or empty for what all share.</param>
/// <param name="Parameter">E, A, B, alpha, beta, rhoN, rhoD, or <c>loss</c> at the target.</param>
/// <param name="Truth">The assumed value.</param>
public sealed record ExpectedPrecision(
    string Optimizer, string Parameter, double Truth, double StandardError, double Low, double High)
{
    /// <summary>Whether the interval is narrow enough to read anything off the parameter.</summary>
    [JsonIgnore]
    public bool IsDetermined => High <= Determination.Widest * Low;
}

/// <summary>The smallest rho above 1 that a grid would tell from 1.</summary>
public sealed record DetectableRho(string Optimizer, string Parameter, double Rho);

/// <summary>What a grid is worth before it is trained.</summary>
public sealed record DesignResult
{
    public required string Law { get; init; }

    public required int Runs { get; init; }

    /// <summary>Training FLOPs of the grid at 6 N D.</summary>
    public required double Flops { get; init; }

    public required DesignNoise Noise { get; init; }

    /// <summary>Expected precision of every parameter, and of the loss at the target.</summary>
    public required IReadOnlyList<ExpectedPrecision> Precision { get; init; }

    /// <summary>What a two-sided test at 5 % would find with probability 80 %, by optimizer and parameter.</summary>
    public required IReadOnlyList<DetectableRho> Detectable { get; init; }

    /// <summary>Condition number in (alpha, beta); large when the grid cannot tell N from D.</summary>
    public required double ConditionNumberOfExponents { get; init; }

    /// <summary>What a reader must be told.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The expected precision of one parameter; null when the law has no such parameter.</summary>
    /// <param name="optimizer">The optimizer, or empty for what all share.</param>
    public ExpectedPrecision? Find(string optimizer, string parameter)
        => Precision.FirstOrDefault(entry => entry.Optimizer == optimizer && entry.Parameter == parameter);
}

/// <summary>The precision that a grid will give, before it is trained: the covariance (JᵀJ)⁻¹ JᵀVJ (JᵀJ)⁻¹ of least
/// squares at the assumed truth, V that of the noise, carried to rho by the delta method.</summary>
public static class GridDesign
{
    /// <summary>The power at which a rho counts as detectable.</summary>
    public const double Power = 0.8;

    /// <summary>Evaluates a grid.</summary>
    /// <exception cref="UserException">The grid cannot determine the law, or the request cannot be used.</exception>
    public static DesignResult Evaluate(DesignRequest request)
    {
        request.ThrowIfInvalid("the design");
        var law = LawRegistry.Get(request.Law);
        if (law.HasShape)
            throw new UserException($"a design is made for laws whose two powers add up; `{law.Name}` has a parameter "
                + "more (gamma, kappa or R_D*), which no truth given here has: use `shared` or `per-optimizer`");
        if (law.SecondVariable != LawVariable.Tokens || law.FirstVariable != LawVariable.Parameters)
            throw new UserException(
                $"A design is made for laws in N and D; '{law.Name}' is in compute, which no run has measured yet.");
        var rows = Rows(request.Cells, request.Truth);
        FitRequirements.Check(new RunTable { Rows = rows }, law);
        var fit = new PreparedFit(rows, law, new FitOptions { Reference = request.Reference });
        var precision = new List<ExpectedPrecision>();
        var detectable = new List<DetectableRho>();
        var condition = 1.0;
        var target = request.Target ?? DefaultTarget(rows);
        foreach (var part in fit.Parts)
        {
            var covariance = new DesignCovariance(fit, part, Model(fit, request.Truth), request.Noise);
            condition = Math.Max(condition, covariance.ConditionOfExponents);
            covariance.Describe(request.Confidence, target, precision, detectable);
        }
        return new()
        {
            Law = law.Name,
            Runs = rows.Count,
            Flops = rows.Sum(row => 6 * row.N * row.D),
            Noise = request.Noise,
            Precision = precision,
            Detectable = detectable,
            ConditionNumberOfExponents = condition,
            Findings = Findings(rows, target, condition, request.Cells),
        };
    }

    /// <summary>log rho is detected when it is this many standard errors from zero.</summary>
    internal static double Threshold => Normal.InvCDF(0, 1, 0.975) + Normal.InvCDF(0, 1, Power);

    /// <summary>The assumed truth as a model of the prepared fit's law.</summary>
    internal static LawModel Model(PreparedFit fit, DesignTruth truth)
        => fit.Model([.. fit.Optimizers.Select(name
            => truth.Of(name) with { Shape = JoinedPowers.Neutral(fit.Law.Joining) })]);

    internal static List<RunRow> Rows(IEnumerable<PlannedCell> cells, DesignTruth truth)
        => [.. cells.SelectMany(cell => Enumerable.Range(0, cell.Seeds).Select(seed => new RunRow
        {
            Optimizer = cell.Optimizer, N = cell.N, D = cell.D, Size = cell.N.Rounded(6), Seed = seed,
            Trunk = cell.BranchesFromTrunk ? $"{cell.Optimizer} {cell.N.Rounded(6)} {seed}" : "",
            Loss = truth.Loss(cell.Optimizer, cell.N, cell.D),
        }))];

    private static (double N, double D) DefaultTarget(List<RunRow> rows)
    {
        var n = 10 * rows.Max(row => row.N);
        return (n, n * rows.Select(row => row.D / row.N).Median());
    }

    private static List<Finding> Findings(
        List<RunRow> rows, (double N, double D) target, double condition, IReadOnlyList<PlannedCell> cells)
    {
        var findings = new List<Finding>();
        if (rows.Max(row => row.D / row.N) <= 1.05 * rows.Min(row => row.D / row.N))
            findings.Warn("fixed-ratio",
                "Every cell has the same tokens per parameter: N and D grow together and their "
                + "exponents cannot be told apart. Add ratios.");
        else if (condition > 1e3)
            findings.Warn("ill-conditioned",
                $"The exponents are poorly separated (condition number {condition.Rounded(2)}); "
                + "more ratios help most.");
        if (cells.All(cell => cell.Seeds == 1)
            && cells.GroupBy(cell => (cell.Optimizer, cell.N, cell.D)).All(cell => cell.Count() == 1))
            findings.Note("no-repeats",
                "No cell is repeated with another seed, so the runs themselves cannot tell how large "
                + "seed noise is: repeat at least one small cell three times.");
        findings.Note("assumptions",
            "Expected precision holds if the law is true and the noise is all that differs; the loss "
            + $"is forecast at N = {target.N.Rounded(3)}, D = {target.D.Rounded(3)}.");
        return findings;
    }
}
