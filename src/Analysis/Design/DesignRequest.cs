using System.Globalization;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Design;

/// <summary>A grid whose worth is asked for.</summary>
public sealed record DesignRequest : IValidated
{
    public string Law { get; init; } = "shared";

    public required IReadOnlyList<PlannedCell> Cells { get; init; }

    public required DesignNoise Noise { get; init; }

    /// <summary>What is assumed to be true.</summary>
    public DesignTruth Truth { get; init; } = new();

    /// <summary>The reference optimizer; null: adamw where present, else the first by name.</summary>
    public string? Reference { get; init; }

    /// <summary>Where the loss is extrapolated to; null: ten times the largest N at the grid's median ratio.</summary>
    public (double N, double D)? Target { get; init; }

    /// <summary>Nominal coverage of the expected intervals.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Tokens of the vocabulary: a loss above its logarithm is worse than guessing, so that no truth with such
    /// losses is planned with; null where it is not known.</summary>
    public int? Vocabulary { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Cells.Count == 0) yield return (nameof(Cells), "none; give optimizers, sizes and tokens per parameter");
        foreach (var bad in Cells.Where(cell => !(cell.N > 0) || !(cell.D > 0) || cell.Seeds < 1).Take(1))
            yield return (nameof(Cells),
                $"{bad.Optimizer}, N = {bad.N}, D = {bad.D}, seeds = {bad.Seeds}: all must be above zero");
        if (Noise.Problem is { } problem) yield return (nameof(Noise), problem);
        if (Cells.Count == 0 || Vocabulary is not { } vocabulary) yield break;
        var worst = Cells.MaxBy(cell => Truth.Loss(cell.Optimizer, cell.N, cell.D))!;
        var loss = Truth.Loss(worst.Optimizer, worst.N, worst.D);
        if (!(loss <= Math.Log(vocabulary)))
            yield return (nameof(Truth), $"gives {loss.Fixed(1)} nats for {worst.Optimizer} at "
                + $"N = {worst.N.Rounded(4)}, D = {worst.D.Rounded(4)}, "
                + $"more than guessing among {vocabulary:N0} tokens "
                + $"({Math.Log(vocabulary).Fixed(1)}): it does not hold at this scale; "
                + "take it from runs near it (--from TABLE) or give one (--truth E=… A=… B=… alpha=… beta=…)");
    }
}

/// <summary>A cell of a planned grid.</summary>
/// <param name="Seeds">Runs of this cell with different seeds.</param>
/// <param name="BranchesFromTrunk">Whether its runs branch from the trunks of their optimizer, size and seed.</param>
public sealed record PlannedCell(
    string Optimizer, double N, double D, int Seeds = 1, bool BranchesFromTrunk = false);

/// <summary>What a design assumes to be true; the defaults are the refit of Hoffmann et al.'s law with optimizers
/// alike.</summary>
public sealed record DesignTruth
{
    /// <summary>Irreducible loss, nats per token.</summary>
    public double E { get; init; } = 1.8172;

    public double A { get; init; } = 477.8;

    public double B { get; init; } = 2143.4;

    public double Alpha { get; init; } = 0.3473;

    public double Beta { get; init; } = 0.3672;

    /// <summary>Each optimizer's rhoN; 1 where absent.</summary>
    public IReadOnlyDictionary<string, double> RhoN { get; init; } = new Dictionary<string, double>();

    /// <summary>Each optimizer's rhoD; 1 where absent.</summary>
    public IReadOnlyDictionary<string, double> RhoD { get; init; } = new Dictionary<string, double>();

    /// <summary>What runs that exist say: a fitted shared law.</summary>
    /// <exception cref="UserException">The fit is of another law, or does not determine it.</exception>
    public static DesignTruth From(LawFit fit)
    {
        var own = fit[fit.Reference];
        if (fit.Model.Law != LawRegistry.Shared || !(own.Alpha > 0 && own.Beta > 0))
            throw new UserException("a design needs the shared law, determined by the runs; these do not determine it");
        return new()
        {
            E = own.E,
            A = own.A,
            B = own.B,
            Alpha = own.Alpha,
            Beta = own.Beta,
            RhoN = fit.Parameters.ToDictionary(p => p.Optimizer, p => p.RhoN),
            RhoD = fit.Parameters.ToDictionary(p => p.Optimizer, p => p.RhoD),
        };
    }

    /// <summary>A truth from assignments such as <c>E=1.8</c>, for optimizers that are alike; the rest as by
    /// default.</summary>
    /// <exception cref="UserException">A name that is no parameter, or no number.</exception>
    public static DesignTruth Parse(IEnumerable<string> assignments)
    {
        var truth = new DesignTruth();
        foreach (var assignment in assignments)
        {
            var parts = assignment.Split('=', 2);
            if (parts.Length < 2
                || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !(value > 0))
                throw new UserException($"`--truth {assignment}`: write NAME=VALUE with a value above zero, such as "
                    + "E=1.8");
            truth = parts[0] switch
            {
                "E" => truth with { E = value },
                "A" => truth with { A = value },
                "B" => truth with { B = value },
                "alpha" => truth with { Alpha = value },
                "beta" => truth with { Beta = value },
                _ => throw new UserException($"`--truth {assignment}`: the law has E, A, B, alpha and beta"),
            };
        }
        return truth;
    }

    /// <summary>One optimizer's law, rho folded in.</summary>
    internal LawCoefficients Of(string optimizer) => new(
        E,
        A * Math.Pow(RhoN.GetValueOrDefault(optimizer, 1), -Alpha),
        B * Math.Pow(RhoD.GetValueOrDefault(optimizer, 1), -Beta),
        Alpha, Beta);

    internal double Loss(string optimizer, double n, double d)
        => E + A * Math.Pow(RhoN.GetValueOrDefault(optimizer, 1) * n, -Alpha)
            + B * Math.Pow(RhoD.GetValueOrDefault(optimizer, 1) * d, -Beta);
}
