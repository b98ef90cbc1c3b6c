using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Where AdamW's ε stands.</summary>
public enum EpsilonPlacement
{
    /// <summary>m̂ / (√v̂ + ε), the corrected moments (Kingma and Ba's Algorithm 1; PyTorch).</summary>
    Corrected,

    /// <summary>m / (√v + ε) · √(1−β₂ᵗ)/(1−β₁ᵗ): ε is smaller by √(1−β₂ᵗ) (Kingma and Ba's section 2; Moonlight, Dion,
    /// Hugging Face).</summary>
    Uncorrected,
}

/// <summary>Settings of <see cref="AdamW"/>.</summary>
[Rule("adamw", "Adam with decoupled weight decay")]
public sealed record AdamWOptions : RuleOptions
{
    /// <summary>The learning rate for 1M to 100M parameters; the decay of GPT-3 and Llama.</summary>
    public AdamWOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the first moment: GPT-3, Llama.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment: GPT-3, Llama; PyTorch has 0.999.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the denominator from zero: Kingma and Ba.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Where ε stands.</summary>
    public EpsilonPlacement EpsilonPlacement { get; init; } = EpsilonPlacement.Corrected;

    /// <summary>Divide by the largest second moment so far (Reddi et al., arXiv 1904.09237).</summary>
    public bool Amsgrad { get; init; }

    public override bool IsCompanion => true;

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new AdamW(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckPositive(nameof(Epsilon), Epsilon)];
}

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101; Adam: Kingma and Ba, arXiv 1412.6980), t counted per parameter from
/// 1:
/// <code>
/// m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²
/// W ← (1−lr·w)W          W ← W − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
/// </code>
/// State: two numbers per parameter.</summary>
internal sealed class AdamW : UpdateRule
{
    private readonly AdamWOptions _options;
    private readonly AdamMoments[] _moments;

    public AdamW(AdamWOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _moments = [.. Slots.Select(slot => new AdamMoments(State, slot, options.Amsgrad))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        _moments[slot.Index].Apply(slot.Weight, gradient, Options.ScheduledLearningRate(step),
            (_options.Beta1, _options.Beta2, _options.Epsilon, _options.EpsilonPlacement),
            shrinkage: Options.Shrinkage(step));
    }
}
