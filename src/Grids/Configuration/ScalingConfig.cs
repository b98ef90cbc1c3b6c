using PretrainBench.Core.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>How hyper-parameters travel from the sizes at which they were tuned to others; <c>grid tune --fit</c>
/// writes it.</summary>
public sealed record ScalingConfig : IValidated
{
    /// <summary>Each optimizer's learning rate as a power of size, tokens and width.</summary>
    public LearningRateScaling? LearningRate { get; init; }

    /// <summary>Hidden matrices' learning rates ∝ 1/width beside the other roles', as under µP with Adam
    /// (Yang et al., arXiv 2203.03466, table 3): they equal the optimizer's rate at this width.</summary>
    public WidthScaling? HiddenLearningRate { get; init; }

    /// <summary>Weight decay ∝ 1/width: the optimizer's own at this width.</summary>
    public WidthScaling? WeightDecay { get; init; }

    /// <summary>Tokens per step as a power of the run's tokens.</summary>
    public BatchScaling? BatchTokens { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (HiddenLearningRate?.AtWidth < 1 || WeightDecay?.AtWidth < 1)
            yield return (nameof(ScalingConfig), "at_width must be at least 1");
        if (BatchTokens is { AtTokens: not > 0 }) yield return (nameof(BatchTokens), "at_tokens must be above 0");
    }
}

/// <summary>What is inversely proportional to the width.</summary>
public sealed record WidthScaling
{
    /// <summary>The width at which the configured value holds.</summary>
    public required int AtWidth { get; init; }
}

/// <summary>A batch that grows with the run.</summary>
public sealed record BatchScaling
{
    /// <summary>The run's tokens at which the configured batch holds.</summary>
    public required double AtTokens { get; init; }

    public required double Exponent { get; init; }
}
