using System.Text.Json.Serialization;
using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>How well a law describes the runs that it was fitted to.</summary>
/// <param name="Objective">What the solver minimised: Σ r² of the loss, Σ Huber or Σ |r| of the log loss.</param>
/// <param name="MeanSquaredError">Mean of (L − prediction)², nats² per token².</param>
/// <param name="ResidualDeviation">sqrt(Σ w r² / (runs − free parameters)), nats per token; the root mean square over
/// runs where they are weighted.</param>
/// <param name="RSquared">1 − Σ r² / Σ (L − mean)².</param>
/// <param name="Aicc">Akaike's criterion with the correction for few runs, from Σ w r² of the loss; lower is
/// better.</param>
public sealed record FitQuality(
    double Objective, double MeanSquaredError, double MeanRelativeError, double ResidualDeviation,
    double RSquared, double Aicc);

/// <summary>A run beside its prediction.</summary>
/// <param name="Run">The run, or its file and line.</param>
/// <param name="Weight">Its weight in the fit: 1 / variance over the mean variance; 1 where runs are not
/// weighted.</param>
public sealed record FittedPoint(
    string Run, string Optimizer, string Size, double N, double D,
    double Loss, double Predicted, double Weight = 1)
{
    /// <summary>Measured minus predicted.</summary>
    public double Residual => Loss - Predicted;

    /// <summary>The residual times the root of its weight: all have one deviation.</summary>
    internal double Weighted => Residual * Math.Sqrt(Weight);
}

/// <summary>What the solver says about one block of optimizers that were fitted together.</summary>
public sealed record FitDiagnostics
{
    public required IReadOnlyList<string> Optimizers { get; init; }

    public required double Objective { get; init; }

    /// <summary>Whether the winning search met its tolerance.</summary>
    public required bool Converged { get; init; }

    public required int Iterations { get; init; }

    /// <summary>Searches made: local minima of the exponent grid, or starts.</summary>
    public required int Starts { get; init; }

    /// <summary>Searches that ended within 0.1 % of the best objective.</summary>
    public required int AgreeingStarts { get; init; }

    /// <summary>Bounds that the solution lies on, such as <c>alpha = 0.005</c> or <c>B[muon] = 0</c>.</summary>
    public required IReadOnlyList<string> BoundsHit { get; init; }

    /// <summary>The outer exponent; null for laws without one.</summary>
    public GammaInterval? Gamma { get; init; }

    /// <summary>Condition number of the Gauss-Newton Hessian in the natural parameters (E, coefficients, exponents,
    /// gamma, kappa or 1 / R_D*); capped at 1e16.</summary>
    public required double ConditionNumber { get; init; }

    /// <summary>Condition number in (alpha, beta) after all others are eliminated: what the first solver
    /// faces.</summary>
    public required double ConditionNumberOfExponents { get; init; }

    /// <summary>Names of the rows and columns of <see cref="Correlations"/>.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    /// <summary>Asymptotic correlations of the parameters; of their logarithms for coefficients and rho.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Correlations { get; init; }
}

/// <summary>A fitted law.</summary>
public sealed record LawFit
{
    public required string Law { get; init; }

    public required string Formula { get; init; }

    /// <summary>What was minimised.</summary>
    public required SolverKind Solver { get; init; }

    /// <summary>Huber's delta; null for other solvers.</summary>
    public double? HuberDelta { get; init; }

    /// <summary>The optimizer whose rho are 1.</summary>
    public required string Reference { get; init; }

    public required int Runs { get; init; }

    /// <summary>Rows of the table that were left out.</summary>
    public required int RowsLeftOut { get; init; }

    public required int FreeParameters { get; init; }

    public required IReadOnlyList<OptimizerParameters> Parameters { get; init; }

    public required FitQuality Quality { get; init; }

    /// <summary>The solver's report, one for each block of optimizers that were fitted together.</summary>
    public required IReadOnlyList<FitDiagnostics> Diagnostics { get; init; }

    /// <summary>Every run beside its prediction, in the order of the table.</summary>
    public required IReadOnlyList<FittedPoint> Points { get; init; }

    /// <summary>What a reader must be told.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    [JsonIgnore]
    public required LawModel Model { get; init; }

    /// <summary>The points and solvers, for refits.</summary>
    [JsonIgnore]
    internal PreparedFit Prepared { get; init; } = null!;

    public OptimizerParameters this[string optimizer] => Parameters[Model.IndexOf(optimizer)];
}
