using PretrainBench.Core.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>The forms that learning rates may travel by.</summary>
public enum ScalingRule
{
    /// <summary>The same rate everywhere.</summary>
    Fixed,

    /// <summary>∝ 1/width.</summary>
    InverseWidth,

    /// <summary>A power of the size and, where ratios differ, of the tokens.</summary>
    Power,
}

/// <summary>Learning rates as powers of size N, tokens D and width, and what became of them on cells that were kept
/// back.</summary>
public sealed record LearningRateScaling : IValidated
{
    public required ScalingRule Rule { get; init; }

    /// <summary>Where the optimizers' rates hold as they stand.</summary>
    public required ScalingPlace At { get; init; }

    public required IReadOnlyDictionary<string, OptimizerScaling> Optimizers { get; init; }

    /// <summary>The size that was kept back from the fit; null where nothing was checked.</summary>
    public string? KeptBack { get; init; }

    /// <summary>Whether it cost no optimizer more there than was tolerated; null where nothing was checked.</summary>
    public bool? Accepted { get; init; }

    /// <summary><c>accepted</c>, <c>refused</c>, or <c>unchecked</c>.</summary>
    internal string Verdict => Accepted switch { true => "accepted", false => "refused", null => "unchecked" };

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (!(At is { Parameters: > 0, Tokens: > 0, Width: > 0 }))
            yield return (nameof(At), "parameters, tokens and width must be above 0");
        foreach (var (name, _) in Optimizers.Where(own => !(own.Value.LearningRate > 0)))
            yield return (nameof(Optimizers), $"{name}: the learning rate must be above 0");
    }

    /// <summary>An optimizer's rate at a place.</summary>
    public double Of(string optimizer, ScalingPlace place)
    {
        var own = Optimizers[optimizer];
        return own.LearningRate
            * Math.Pow(place.Parameters / At.Parameters, own.SizeExponent)
            * Math.Pow(place.Tokens / At.Tokens, own.TokensExponent)
            * Math.Pow(place.Width / At.Width, own.WidthExponent);
    }
}

/// <summary>A run's size N without embeddings, its tokens D, and its width.</summary>
public sealed record ScalingPlace
{
    public required double Parameters { get; init; }

    public required double Tokens { get; init; }

    public required double Width { get; init; }
}

/// <summary>One optimizer's powers, and how they were found.</summary>
public sealed record OptimizerScaling
{
    public required double LearningRate { get; init; }

    public double SizeExponent { get; init; }

    public double TokensExponent { get; init; }

    public double WidthExponent { get; init; }

    /// <summary>Rates tried at each anchor.</summary>
    public int? Trials { get; init; }

    /// <summary>Whether the best rate lay on the edge of what was tried at an anchor.</summary>
    public bool? OnEdge { get; init; }

    /// <summary>Nats per token by which the kept-back cells end higher than at the best rate tried there; null
    /// where one diverges.</summary>
    public double? Cost { get; init; }
}
