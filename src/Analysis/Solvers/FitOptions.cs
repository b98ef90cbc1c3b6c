using System.Text.Json.Serialization;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Solvers;

/// <summary>What a fit minimises.</summary>
public enum SolverKind
{
    /// <summary>The sum of squared residuals of the loss, by variable projection: global, without a start.</summary>
    [JsonStringEnumMemberName("least-squares")]
    LeastSquares,

    /// <summary>The sum of Huber losses of the residual of the log loss.</summary>
    [JsonStringEnumMemberName("huber")]
    Huber,

    /// <summary>The sum of absolute residuals of the log loss: the limit of Huber's as delta goes to zero.</summary>
    [JsonStringEnumMemberName("lad")]
    LeastAbsoluteDeviation,
}

/// <summary>Where the robust solvers start.</summary>
public enum RobustStarts
{
    /// <summary>From the local minima of the least-squares fit.</summary>
    [JsonStringEnumMemberName("first-solver")]
    FirstSolver,

    /// <summary>From the 4,500 points of Hoffmann et al.'s grid.</summary>
    [JsonStringEnumMemberName("grid")]
    Grid,

    /// <summary>From both; the better end wins.</summary>
    [JsonStringEnumMemberName("both")]
    Both,
}

/// <summary>How much runs weigh in a fit.</summary>
public enum RunWeights
{
    /// <summary>All alike.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>By 1 / variance, its trend over size and tokens estimated from repeats where they are, else from the
    /// residuals of the fit without weights; by 1 / deviation for robust solvers.</summary>
    [JsonStringEnumMemberName("variance")]
    Variance,
}

/// <summary>How a law is fitted.</summary>
public sealed record FitOptions : IValidated
{
    /// <summary>Hoffmann et al.'s delta.</summary>
    public const double DefaultHuberDelta = 1e-3;

    public SolverKind Solver { get; init; } = SolverKind.LeastSquares;

    public RunWeights Weights { get; init; }

    /// <summary>Where the Huber loss turns from a square to a line, in units of log loss.</summary>
    public double HuberDelta { get; init; } = DefaultHuberDelta;

    /// <summary>Where the robust solvers start; refits (bootstrap, held-out) always start from the first solver and the
    /// full fit.</summary>
    public RobustStarts Starts { get; init; } = RobustStarts.Both;

    /// <summary>The optimizer whose rhoN and rhoD are 1; null: adamw where the table has it, else the first by
    /// name.</summary>
    public string? Reference { get; init; }

    /// <summary>Threads at most; 0: one for each core. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Parses a solver's name.</summary>
    /// <param name="name">least-squares, huber or lad.</param>
    /// <exception cref="UserException">No solver has the name.</exception>
    public static SolverKind ParseSolver(string name) => name.ToLowerInvariant() switch
    {
        "least-squares" => SolverKind.LeastSquares,
        "huber" => SolverKind.Huber,
        "lad" => SolverKind.LeastAbsoluteDeviation,
        _ => throw new UserException($"No solver is called '{name}'; the solvers are least-squares, huber and lad."),
    };

    /// <summary>Parses the name of weights.</summary>
    /// <param name="name">none or variance.</param>
    /// <exception cref="UserException">No weights have the name.</exception>
    public static RunWeights ParseWeights(string name) => name.ToLowerInvariant() switch
    {
        "none" => RunWeights.None,
        "variance" => RunWeights.Variance,
        _ => throw new UserException($"No weights are called '{name}'; they are none and variance."),
    };

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (!(HuberDelta > 0) || !double.IsFinite(HuberDelta))
            yield return (nameof(HuberDelta),
                $"{HuberDelta}: the Huber delta must be above zero, such as {DefaultHuberDelta}");
        if (Threads < 0) yield return (nameof(Threads), $"{Threads}: use 0 for one on each core");
    }

    internal ParallelOptions Parallel() => new()
    {
        MaxDegreeOfParallelism = Threads > 0 ? Threads : Environment.ProcessorCount,
    };
}
