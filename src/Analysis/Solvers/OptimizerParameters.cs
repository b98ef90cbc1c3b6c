using System.Text.Json.Serialization;

namespace PretrainBench.Analysis.Solvers;

/// <summary>One optimizer's parameters as reported: with them the law's formula holds as it is written. A parameter
/// that the law lacks, or that the data leave without meaning (the exponent of a term that is zero), is NaN, and null
/// in JSON.</summary>
public sealed record OptimizerParameters
{
    public required string Optimizer { get; init; }

    public required int Runs { get; init; }

    /// <summary>Irreducible loss, nats per token.</summary>
    public double E { get; init; }

    /// <summary>Coefficient of the first power; the reference's for laws with rho.</summary>
    public double A { get; init; }

    /// <summary>Coefficient of the second power; the reference's for laws with rho.</summary>
    public double B { get; init; }

    /// <summary>Exponent of the first variable.</summary>
    public double Alpha { get; init; }

    /// <summary>Exponent of the second variable.</summary>
    public double Beta { get; init; }

    /// <summary>Exponent of both powers together; laws with an outer exponent only.</summary>
    public double Gamma { get; init; }

    /// <summary>What the product of both powers adds, for each nat of each; laws with an interaction only.</summary>
    public double Kappa { get; init; }

    /// <summary>R_D*, the repeats of data after which little is left to learn from more (63 % of what infinitely many
    /// are worth); 10,000 where they are as good as new data. Laws of repeated data only.</summary>
    public double RepeatConstant { get; init; }

    /// <summary>How many of the reference's parameters one parameter is worth.</summary>
    public double RhoN { get; init; }

    /// <summary>How many of the reference's tokens one token is worth.</summary>
    public double RhoD { get; init; }

    /// <summary>How much of the reference's compute one unit of compute is worth; laws that pay in compute
    /// only.</summary>
    public double RhoC { get; init; }

    /// <summary>Measured cost of one token and parameter, in FLOPs or seconds; laws that pay in compute only.</summary>
    [JsonPropertyName("cost_per_token_and_parameter")]
    public double Cost { get; init; }

    /// <summary>Every parameter by its stable name: E, A, B, alpha, beta, gamma, kappa, repeat_constant, rhoN, rhoD,
    /// rhoC.</summary>
    public static IReadOnlyList<(string Name, Func<OptimizerParameters, double> Value)> All { get; } =
    [
        ("E", p => p.E), ("A", p => p.A), ("B", p => p.B), ("alpha", p => p.Alpha), ("beta", p => p.Beta),
        ("gamma", p => p.Gamma), ("kappa", p => p.Kappa),
        ("repeat_constant", p => p.RepeatConstant), ("rhoN", p => p.RhoN), ("rhoD", p => p.RhoD),
        ("rhoC", p => p.RhoC),
    ];

    public double this[string name] => All.First(known => known.Name == name).Value(this);
}
