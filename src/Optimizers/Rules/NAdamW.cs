using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>How the product of the next step's momentum is formed in <see cref="NAdamW"/>.</summary>
public enum NextMomentumProduct
{
    /// <summary>∏μ · μ_{t+1} (Dozat 2016; PyTorch from 2.0 on).</summary>
    Dozat,

    /// <summary>∏μ · μ_t · μ_{t+1}: what PyTorch 1.13 computes, one factor too many.</summary>
    Torch113,
}

/// <summary>Settings of <see cref="NAdamW"/>.</summary>
[Rule("nadamw", "Adam with Nesterov momentum and decoupled weight decay")]
public sealed record NAdamWOptions : RuleOptions
{
    /// <summary>AdamW's defaults.</summary>
    public NAdamWOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the first moment: AdamW's.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment: AdamW's.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the denominator from zero: AdamW's.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>ψ of the momentum's schedule μ_t = β₁(1 − ½·0.96^(tψ)): PyTorch.</summary>
    public double MomentumDecay { get; init; } = 4e-3;

    /// <summary>How the product of the next step's momentum is formed: PyTorch from 2.0.</summary>
    public NextMomentumProduct NextMomentumProduct { get; init; } = NextMomentumProduct.Dozat;

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new NAdamW(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
            [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
                .. CheckPositive(nameof(Epsilon), Epsilon)];
        foreach (var problem in problems) yield return problem;
        if (MomentumDecay < 0) yield return (nameof(MomentumDecay), "must not be negative");
    }
}

/// <summary>NAdam (Dozat 2016) with decoupled weight decay, in PyTorch's form:
/// <code>
/// μ_t = β₁(1 − ½·0.96^(tψ))      m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²      W ← (1−lr·w)W
/// W ← W − lr · [ (1−μ_t)/(1−∏μ) g + μ_{t+1}/(1−∏μ·μ_{t+1}) m ] / (√(v/(1−β₂ᵗ)) + ε)
/// </code>
/// State: two numbers per parameter.</summary>
internal sealed class NAdamW : UpdateRule
{
    private readonly NAdamWOptions _options;
    private readonly (Tensor First, Tensor Second, StateScalar Step, StateScalar Product)[] _state;

    public NAdamW(NAdamWOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [.. Slots.Select(slot => (State.Zeros(slot, "first_moment"), State.Zeros(slot, "second_moment"),
            State.Scalar(slot, "step"), State.Scalar(slot, "momentum_product", 1)))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (first, second, count, product) = _state[slot.Index];
        count.Value++;
        var (momentum, next) = (Momentum(count.Value), Momentum(count.Value + 1));
        product.Value *= momentum;
        var productNext =
            product.Value * next * (_options.NextMomentumProduct == NextMomentumProduct.Torch113 ? momentum : 1);

        Decay(slot, step);
        first.mul_(_options.Beta1).add_(gradient, 1 - _options.Beta1);
        second.mul_(_options.Beta2).addcmul_(gradient, gradient, 1 - _options.Beta2);
        var denominator = second.div(1 - Math.Pow(_options.Beta2, count.Value)).sqrt_().add_(_options.Epsilon);
        var learningRate = Options.ScheduledLearningRate(step);
        slot.Weight.addcdiv_(gradient, denominator, -learningRate * (1 - momentum) / (1 - product.Value));
        slot.Weight.addcdiv_(first, denominator, -learningRate * next / (1 - productNext));
    }

    private double Momentum(double step) => _options.Beta1 * (1 - 0.5 * Math.Pow(0.96, step * _options.MomentumDecay));
}
