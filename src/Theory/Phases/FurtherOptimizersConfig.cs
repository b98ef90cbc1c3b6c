using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Phases;

/// <summary>Momentum, DANA and sign SGD on one sketch of the same model.</summary>
public sealed record FurtherOptimizersConfig : IValidated
{
    /// <summary>(α, β); the default lies in phase III, where SGD's noise is the limit and where DANA was published to gain.</summary>
    public PowerLawPoint Point { get; init; } = new(1, .75);

    /// <summary>d.</summary>
    public int Width { get; init; } = 200;

    /// <summary>γ Σ_j j^−2α of every rule.</summary>
    public double StepScale { get; init; } = 0.4;

    /// <summary>Heavy-ball momentum μ.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>DANA's γ₃ as a share of γ (over d, or times (1+t)^−1/(2α)).</summary>
    public double DanaShare { get; init; } = 0.25;

    /// <summary>The last step of the exact means.</summary>
    public int LastStep { get; init; } = 300_000;

    /// <summary>Horizons of sign SGD, each a run of its own with the best of <see cref="SignSteps"/>.</summary>
    public IReadOnlyList<int> SignHorizons { get; init; } = [100, 300, 1000, 3000, 10_000, 30_000];

    /// <summary>Sign SGD's initial step sizes, of which each horizon takes the best.</summary>
    public IReadOnlyList<double> SignSteps { get; init; } = [1e-3, 3e-3, 1e-2, 3e-2, 1e-1];

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Point.Problem() is { } outside) yield return (nameof(Point), outside);
        if (Width < 2) yield return (nameof(Width), "must be at least 2");
        if (!(Momentum >= 0 && Momentum < 1)) yield return (nameof(Momentum), "must be from 0 to below 1");
        if (!(DanaShare > 0 && DanaShare <= 1)) yield return (nameof(DanaShare), "must be above 0 and at most 1");
        if (LastStep < 1 || SignHorizons.Any(t => t < 1)) yield return (nameof(LastStep), "T = 0 trains nothing; steps must be at least 1");
        if (SignSteps.Any(size => !(size > 0))) yield return (nameof(SignSteps), "each must be above 0");
    }
}
