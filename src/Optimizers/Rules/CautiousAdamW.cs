using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="CautiousAdamW"/>.</summary>
[Rule("cautious-adamw", "AdamW that moves only where momentum and gradient agree")]
public sealed record CautiousAdamWOptions : RuleOptions
{
    /// <summary>AdamW's defaults.</summary>
    public CautiousAdamWOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the first moment: AdamW's.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment: AdamW's.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the denominator from zero: AdamW's.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Where ε stands; the authors' code adds it to the uncorrected moment.</summary>
    public EpsilonPlacement EpsilonPlacement { get; init; } = EpsilonPlacement.Uncorrected;

    public override UpdateRule Create(RuleContext context) => new CautiousAdamW(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckPositive(nameof(Epsilon), Epsilon)];
}

/// <summary>
/// Cautious AdamW (Liang et al., arXiv 2411.16085): AdamW whose step is masked where m∘g ≤ 0 and divided by the mask's
/// mean;
/// <code>W ← (1−lr·w)W      W ← W − lr · mask ∘ AdamW's direction,   mask = [m∘g > 0] / max(mean[m∘g > 0], 10⁻³)</code>
/// State: two numbers per parameter.</summary>
internal sealed class CautiousAdamW : UpdateRule
{
    private readonly CautiousAdamWOptions _options;
    private readonly AdamMoments[] _moments;

    public CautiousAdamW(CautiousAdamWOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _moments = [.. Slots.Select(slot => new AdamMoments(State, slot))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        Decay(slot, step);
        _moments[slot.Index].Apply(slot.Weight, gradient, Options.ScheduledLearningRate(step),
            (_options.Beta1, _options.Beta2, _options.Epsilon, _options.EpsilonPlacement),
            first => first.mul(CautiousMask.Of(first, gradient)));
    }
}
