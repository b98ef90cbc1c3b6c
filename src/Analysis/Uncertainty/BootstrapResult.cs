using System.Text.Json.Serialization;
using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>A parameter with its uncertainty.</summary>
/// <param name="Parameter">E, A, B, alpha, beta, rhoN, rhoD or rhoC.</param>
/// <param name="StandardError">Standard deviation over replicates.</param>
/// <param name="Low">Lower end of the percentile interval.</param>
/// <param name="High">Upper end of the percentile interval.</param>
/// <param name="UndefinedReplicates">Replicates in which the parameter had no meaning (a term was zero).</param>
public sealed record ParameterInterval(
    string Optimizer, string Parameter, double Estimate, double StandardError, double Low, double High,
    int UndefinedReplicates);

/// <summary>A law's uncertainty by bootstrap.</summary>
public sealed record BootstrapResult
{
    /// <summary>What was drawn again.</summary>
    public required BootstrapKind Kind { get; init; }

    public required int Replicates { get; init; }

    /// <summary>Nominal coverage of the intervals.</summary>
    public required double Confidence { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Deviation of the loss between seeds that was drawn, nats per token; null when runs or trunks were
    /// drawn.</summary>
    public double? SeedNoise { get; init; }

    public required IReadOnlyList<ParameterInterval> Parameters { get; init; }

    [JsonIgnore]
    public required IReadOnlyList<LawModel> Models { get; init; }

    /// <summary>The interval of one parameter.</summary>
    /// <param name="parameter">E, A, B, alpha, beta, rhoN, rhoD or rhoC.</param>
    /// <returns>The interval; null when the law has no such parameter.</returns>
    public ParameterInterval? Find(string optimizer, string parameter)
        => Parameters.FirstOrDefault(interval => interval.Optimizer == optimizer && interval.Parameter == parameter);
}
