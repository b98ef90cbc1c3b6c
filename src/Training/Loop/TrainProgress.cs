namespace PretrainBench.Training.Loop;

/// <summary>Where a run stands; reported after every step.</summary>
public sealed record TrainProgress
{
    public required string RunId { get; init; }

    public required int Step { get; init; }

    public required int TotalSteps { get; init; }

    /// <summary>Smoothed training loss in nats per token.</summary>
    public required double Loss { get; init; }

    /// <summary>The newest point of the validation curve in nats per token; null before the first.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Tokens per second over the last steps.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Share of the machine's matrix-product ceiling that forward and backward passes reach.</summary>
    public required double CeilingShare { get; init; }

    public required TimeSpan TimeLeft { get; init; }
}
