using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Comparison;

/// <summary>A law's error over a set of runs.</summary>
/// <param name="Optimizer">The optimizer, or <c>pooled</c>.</param>
/// <param name="MeanSquaredError">Mean of (L − prediction)², nats² per token².</param>
public sealed record PredictionError(string Optimizer, int Runs, double MeanSquaredError, double MeanRelativeError);

/// <summary>A law's errors under one protocol.</summary>
/// <param name="Protocol">How runs were held out.</param>
/// <param name="Errors">Pooled first, then each optimizer.</param>
/// <param name="Skipped">What could not be held out because the rest does not determine the law: sizes, or
/// runs.</param>
public sealed record ProtocolErrors(HoldOutProtocol Protocol,
    IReadOnlyList<PredictionError> Errors, IReadOnlyList<string> Skipped)
{
    /// <summary>The error over all optimizers; null when nothing could be predicted.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public PredictionError? Pooled => Errors.Count > 0 ? Errors[0] : null;
}

/// <summary>One law in a comparison.</summary>
/// <param name="FreeParameters">Free parameters, exponents included.</param>
/// <param name="Aicc">Akaike's criterion with the correction for few runs; lower is better.</param>
/// <param name="Protocols">Errors in sample and on held-out runs.</param>
/// <param name="LeaveOneOut">How parameters move together when single runs are left out.</param>
public sealed record LawScore(
    string Law, int FreeParameters, double Aicc, LawFit Fit,
    IReadOnlyList<ProtocolErrors> Protocols, IReadOnlyList<LeaveOneOutSummary> LeaveOneOut)
{
    public ProtocolErrors this[HoldOutProtocol protocol] => Protocols.First(errors => errors.Protocol == protocol);
}

/// <summary>A paired comparison of two laws on the same held-out runs.</summary>
/// <param name="Protocol">How runs were held out.</param>
/// <param name="MeanSquaredError">The first law's error on them.</param>
/// <param name="OtherMeanSquaredError">The second law's error on them.</param>
/// <param name="Difference">First minus second; below zero, the first is better.</param>
/// <param name="Low">Lower end of its bootstrap interval.</param>
/// <param name="High">Upper end of its bootstrap interval.</param>
/// <param name="ProbabilityBetter">Share of draws in which the first law has the smaller error.</param>
public sealed record PairedDifference(
    HoldOutProtocol Protocol, string Law, string Other, int Runs, double MeanSquaredError, double OtherMeanSquaredError,
    double Difference, double Low, double High, double ProbabilityBetter);

/// <summary>Laws compared on what they have not seen.</summary>
public sealed record ComparisonResult
{
    public required int Runs { get; init; }

    /// <summary>What each fit minimised.</summary>
    public required SolverKind Solver { get; init; }

    /// <summary>The laws, in the order asked for.</summary>
    public required IReadOnlyList<LawScore> Laws { get; init; }

    /// <summary>The ways of holding runs out by which some law could be tested, in the order of tables.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<HoldOutProtocol> Protocols
        => LawComparison.Protocols.Where(protocol => Laws.Any(law => law[protocol].Pooled is not null));

    /// <summary>Every pair of laws under every held-out protocol.</summary>
    public required IReadOnlyList<PairedDifference> Differences { get; init; }

    /// <summary>Laws that the table cannot determine, with the reason.</summary>
    public required IReadOnlyList<Finding> LeftOut { get; init; }

    /// <summary>What follows, in words that the numbers carry.</summary>
    public required IReadOnlyList<string> Verdict { get; init; }

    /// <summary>What a reader must be told.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}

/// <summary>How laws are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Laws compared when none are named: those that need no columns besides N and D, without
    /// separate laws with a shape, whose many refits take minutes.</summary>
    public static IReadOnlyList<string> DefaultLaws { get; } =
        [.. LawRegistry.All
            .Where(law => law.SecondVariable == LawVariable.Tokens && (law.SharesExponents || !law.HasShape))
            .Select(law => law.Name)];

    public IReadOnlyList<string> Laws { get; init; } = DefaultLaws;

    public FitOptions Fit { get; init; } = new();

    /// <summary>Draws of the nested bootstrap of differences between laws.</summary>
    public int Replicates { get; init; } = 200;

    /// <summary>Nominal coverage of its intervals.</summary>
    public double Confidence { get; init; } = BootstrapOptions.DefaultConfidence;

    public ulong Seed { get; init; } = 1;
}
