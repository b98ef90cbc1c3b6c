using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Phases;

/// <summary>SGD runs on a sampled sketch.</summary>
public sealed record SgdConfig : IValidated
{
    /// <summary>Default of <see cref="StepScale"/>.</summary>
    public const double DefaultStepScale = 0.75;

    /// <summary>(α, β).</summary>
    public PowerLawPoint Point { get; init; } = new(.75, .25);

    /// <summary>γ Σ_j j^−2α; where α ≥ 1 the variance over runs is infinite at .75 (use .4).</summary>
    public double StepScale { get; init; } = DefaultStepScale;

    /// <summary>Widths d.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [400, 1600];

    /// <summary>The first step that is compared.</summary>
    public int FirstStep { get; init; } = 1000;

    /// <summary>The last step.</summary>
    public int LastStep { get; init; } = 300_000;

    /// <summary>Bins per decade of steps.</summary>
    public int BinsPerDecade { get; init; } = 20;

    /// <summary>Runs that are averaged.</summary>
    public int Runs { get; init; } = 5;

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Point.Problem() is { } outside) yield return (nameof(Point), outside);
        if (Widths.Any(d => d < 2)) yield return (nameof(Widths), "each d must be at least 2");
        if (FirstStep < 1 || LastStep < 1) yield return (nameof(LastStep), "T = 0 trains nothing; steps must be at least 1");
        else if (LastStep < 2 * FirstStep) yield return (nameof(LastStep), $"{LastStep} must be at least twice first_step = {FirstStep}");
        if (BinsPerDecade < 1) yield return (nameof(BinsPerDecade), "at least one is needed");
        if (Runs < 1) yield return (nameof(Runs), "at least one is needed");
    }

    /// <summary>What only the whole configuration can tell: whether the step size is stable at every width.</summary>
    internal IEnumerable<(string Property, string Problem)> StepProblems(double featureRatio, int batch)
    {
        if (Point.Problem() is not null) yield break;
        foreach (var width in Widths)
        {
            if (StepSize.Problem(Point, featureRatio * width, StepScale, batch) is { } diverges)
                yield return (nameof(StepScale), diverges);
            else if (StepSize.Of(Point, featureRatio * width, StepScale) >= StepSize.FourthMomentLimit)
                yield return (nameof(StepScale), $"γλ_1 ≥ {StepSize.FourthMomentLimit}: the loss has infinite variance over runs, so no average "
                    + $"of runs settles at α = {Point.Alpha}; use .4 or less.");
        }
    }
}
