using PretrainBench.Core;

namespace PretrainBench.Analysis.Design;

/// <summary>A cell of a planned grid.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="N">Parameters.</param>
/// <param name="D">Training tokens.</param>
/// <param name="Seeds">Runs of this cell with different seeds.</param>
public sealed record PlannedCell(
    string Optimizer, double N, double D, int Seeds = 1);

/// <summary>What a design assumes to be true; the defaults are the refit of Hoffmann et al.'s law with optimizers alike.</summary>
public sealed record DesignTruth
{
    /// <summary>Irreducible loss, nats per token.</summary>
    public double E { get; init; } = 1.8172;

    /// <summary>Coefficient of N.</summary>
    public double A { get; init; } = 477.8;

    /// <summary>Coefficient of D.</summary>
    public double B { get; init; } = 2143.4;

    /// <summary>Exponent of N.</summary>
    public double Alpha { get; init; } = 0.3473;

    /// <summary>Exponent of D.</summary>
    public double Beta { get; init; } = 0.3672;

    /// <summary>Each optimizer's rhoN; 1 where absent.</summary>
    public IReadOnlyDictionary<string, double> RhoN { get; init; } = new Dictionary<string, double>();

    /// <summary>Each optimizer's rhoD; 1 where absent.</summary>
    public IReadOnlyDictionary<string, double> RhoD { get; init; } = new Dictionary<string, double>();

    /// <summary>The assumed loss.</summary>
    internal double Loss(string optimizer, double n, double d)
        => E + A * Math.Pow(RhoN.GetValueOrDefault(optimizer, 1) * n, -Alpha) + B * Math.Pow(RhoD.GetValueOrDefault(optimizer, 1) * d, -Beta);
}

/// <summary>A grid whose worth is asked for.</summary>
public sealed record DesignRequest
{
    /// <summary>The law that will be fitted.</summary>
    public string Law { get; init; } = "shared";

    /// <summary>The cells.</summary>
    public required IReadOnlyList<PlannedCell> Cells { get; init; }

    /// <summary>Deviation of the loss between seeds, nats per token.</summary>
    public required double SeedNoise { get; init; }

    /// <summary>What is assumed to be true.</summary>
    public DesignTruth Truth { get; init; } = new();

    /// <summary>The reference optimizer; null: adamw where present, else the first by name.</summary>
    public string? Reference { get; init; }

    /// <summary>Where the extrapolation's precision is wanted; null: ten times the largest N at the grid's median ratio.</summary>
    public (double N, double D)? Target { get; init; }

    /// <summary>Nominal coverage of the expected intervals.</summary>
    public double Confidence { get; init; } = 0.95;
}

/// <summary>The precision that a grid is expected to give.</summary>
/// <param name="Optimizer">The optimizer, or empty for what all share.</param>
/// <param name="Parameter">E, A, B, alpha, beta, rhoN, rhoD, or <c>loss</c> at the target.</param>
/// <param name="Truth">The assumed value.</param>
/// <param name="StandardError">Expected standard error.</param>
/// <param name="Low">Lower end of the expected interval.</param>
/// <param name="High">Upper end of the expected interval.</param>
public sealed record ExpectedPrecision(string Optimizer, string Parameter, double Truth, double StandardError, double Low, double High);

/// <summary>What a grid is worth before it is trained.</summary>
public sealed record DesignResult
{
    /// <summary>The law.</summary>
    public required string Law { get; init; }

    /// <summary>Runs of the grid.</summary>
    public required int Runs { get; init; }

    /// <summary>Training FLOPs of the grid at 6 N D.</summary>
    public required double Flops { get; init; }

    /// <summary>Deviation of the loss between seeds.</summary>
    public required double SeedNoise { get; init; }

    /// <summary>Expected precision of every parameter, and of the loss at the target.</summary>
    public required IReadOnlyList<ExpectedPrecision> Precision { get; init; }

    /// <summary>The smallest rho above 1 that a two-sided test at 5 % would find with probability 80 %, by optimizer and parameter.</summary>
    public required IReadOnlyList<DetectableRho> Detectable { get; init; }

    /// <summary>Condition number in (alpha, beta); large when the grid cannot tell N from D.</summary>
    public required double ConditionNumberOfExponents { get; init; }

    /// <summary>What a reader must be told.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The expected precision of one parameter.</summary>
    /// <param name="optimizer">The optimizer, or empty for what all share.</param>
    /// <param name="parameter">The parameter.</param>
    /// <returns>The precision; null when the law has no such parameter.</returns>
    public ExpectedPrecision? Find(string optimizer, string parameter)
        => Precision.FirstOrDefault(entry => entry.Optimizer == optimizer && entry.Parameter == parameter);
}

/// <summary>The smallest rho that a grid would tell from 1.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Parameter">rhoN or rhoD.</param>
/// <param name="Rho">The smallest value above 1.</param>
public sealed record DetectableRho(string Optimizer, string Parameter, double Rho);

/// <summary>A search for the cheapest grid.</summary>
public sealed record GridSearchRequest
{
    /// <summary>The two optimizers to tell apart, the reference first.</summary>
    public (string Reference, string Other) Optimizers { get; init; } = (Baseline.Optimizer, "other");

    /// <summary>Sizes that could be trained.</summary>
    public required IReadOnlyList<double> Sizes { get; init; }

    /// <summary>Tokens for each parameter that could be trained.</summary>
    public required IReadOnlyList<double> Ratios { get; init; }

    /// <summary>Most seeds of a cell.</summary>
    public int MostSeeds { get; init; } = 5;

    /// <summary>Most FLOPs at 6 N D, both optimizers together.</summary>
    public required double FlopBudget { get; init; }

    /// <summary>The rhoD (or rhoN) that must be told from 1.</summary>
    public required double Rho { get; init; }

    /// <summary>Which rho: rhoD or rhoN.</summary>
    public string Parameter { get; init; } = "rhoD";

    /// <summary>The law that will be fitted.</summary>
    public string Law { get; init; } = "shared";

    /// <summary>Deviation of the loss between seeds, nats per token.</summary>
    public required double SeedNoise { get; init; }

    /// <summary>What is assumed to be true besides rho.</summary>
    public DesignTruth Truth { get; init; } = new();

    /// <summary>How many learning rates are tried in each cell: every run costs this many.</summary>
    public int TuningTrials { get; init; } = 1;
}

/// <summary>A grid that tells two optimizers apart.</summary>
/// <param name="Sizes">Its sizes.</param>
/// <param name="Ratios">Its tokens for each parameter.</param>
/// <param name="Seeds">Seeds of each cell.</param>
/// <param name="Runs">Runs in the fit, both optimizers together.</param>
/// <param name="Flops">Its cost at 6 N D, tuning included.</param>
/// <param name="StandardErrorOfLogRho">Expected standard error of log rho.</param>
/// <param name="DetectableRho">The smallest rho that it tells from 1.</param>
public sealed record CandidateGrid(
    IReadOnlyList<double> Sizes, IReadOnlyList<double> Ratios, int Seeds, int Runs, double Flops, double StandardErrorOfLogRho, double DetectableRho);

/// <summary>The outcome of a search for the cheapest grid.</summary>
/// <param name="Cheapest">The cheapest grid that tells the optimizers apart; null when none within the budget does.</param>
/// <param name="MostPrecise">The most precise grid within the budget; null when none is affordable.</param>
/// <param name="Considered">Grids that the law can be fitted to and the budget allows.</param>
/// <param name="Statement">The outcome in words.</param>
public sealed record GridSearchResult(CandidateGrid? Cheapest, CandidateGrid? MostPrecise, int Considered, string Statement);
