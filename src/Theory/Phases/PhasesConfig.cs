using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Phases;

/// <summary>What the phases lab computes. The defaults take about two minutes on two cores.</summary>
public sealed record PhasesConfig : IValidated
{
    /// <summary>Default of <see cref="FeatureRatio"/>.</summary>
    public const double DefaultFeatureRatio = 10;

    /// <summary>Default of <see cref="StepScale"/>.</summary>
    public const double DefaultStepScale = 0.75;

    /// <summary>Points whose exponents are measured; the defaults cover all seven phases and two boundaries.</summary>
    public IReadOnlyList<PowerLawPoint> Points { get; init; } =
    [
        new(.75, .25), new(1.25, .75), new(1, 2), new(.45, .33), new(.4, 1),
        new(.27, .7), new(.2, 1), new(.7, .7), new(.33, .45), new(.25, 2),
    ];

    /// <summary>v/d; at least 1.</summary>
    public double FeatureRatio { get; init; } = DefaultFeatureRatio;

    public int Batch { get; init; } = 1;

    /// <summary>γ Σ_j j^−2α in the deterministic limit.</summary>
    public double StepScale { get; init; } = DefaultStepScale;

    /// <summary>Where the window of the headline exponents begins, in the theory's FLOPs.</summary>
    public double FirstFlops { get; init; } = 1e10;

    public double LastFlops { get; init; } = 1e13;

    /// <summary>Where the windows of "η against the window" begin; each is three decades wide, the last is the
    /// headline's.</summary>
    public double SmallestFlops { get; init; } = 1e6;

    public int BudgetsPerDecade { get; init; } = 4;

    /// <summary>SGD against its exact mean.</summary>
    public SgdConfig Sgd { get; init; } = new();

    public int CheckWidth { get; init; } = 200;

    public int CheckSketches { get; init; } = 16;

    /// <summary>Momentum, DANA, sign SGD.</summary>
    public FurtherOptimizersConfig Further { get; init; } = new();

    public ulong Seed { get; init; } = 1;

    /// <summary>SGD to a million steps and ten million for the further optimizers' means.</summary>
    public bool Full { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Points.Count == 0) yield return (nameof(Points), "at least one is needed");
        if (!(FeatureRatio >= 1))
            yield return (nameof(FeatureRatio),
                $"v/d = {FeatureRatio} makes N = d > M = v; the sketch needs v ≥ d, a ratio of 1 or more");
        if (Batch < 1) yield return (nameof(Batch), "must be at least 1");
        if (!(SmallestFlops >= 1e4 && SmallestFlops <= FirstFlops))
            yield return (nameof(SmallestFlops), "must be from 1e4 to first_flops");
        if (!(LastFlops >= 10 * FirstFlops && LastFlops <= 1e15))
            yield return (nameof(LastFlops), "must be from ten times first_flops to 1e15");
        if (BudgetsPerDecade < 1) yield return (nameof(BudgetsPerDecade), "at least one is needed");
        if (CheckSketches < 2) yield return (nameof(CheckSketches), "a standard error needs two or more");
        if (CheckWidth < 10) yield return (nameof(CheckWidth), "must be at least 10");
        foreach (var point in Points)
        {
            if (point.Problem() is { } outside) yield return (nameof(Points), outside);
            else if (FeatureRatio >= 1 && Batch >= 1
                    && StepSize.Problem(point, FeatureRatio * 1e4, StepScale, Batch) is { } diverges)
                yield return (nameof(StepScale), diverges);
        }
        if (!(FeatureRatio >= 1) || Batch < 1) yield break;
        foreach (var problem in Sgd.StepProblems(FeatureRatio, Batch)) yield return problem;
        if (Further.Point.Problem() is null && Further.Width >= 2
            && StepSize.Problem(Further.Point, FeatureRatio * Further.Width, Further.StepScale, Batch) is { } further)
            yield return (nameof(Further), further);
    }
}
