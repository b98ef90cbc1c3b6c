using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Adan"/>.</summary>
[Rule("adan", "adaptive Nesterov momentum with gradient differences")]
public sealed record AdanOptions : RuleOptions
{
    /// <summary>Xie et al.: decay 0.02 with learning rates above Adam's.</summary>
    public AdanOptions() => (LearningRate, WeightDecay) = (3e-3, 0.02);

    /// <summary>Decay of the momentum of gradients: the authors' code.</summary>
    public double Beta1 { get; init; } = 0.98;

    /// <summary>Decay of the momentum of gradient differences: the authors' code.</summary>
    public double Beta2 { get; init; } = 0.92;

    /// <summary>Decay of the second moment: the authors' code.</summary>
    public double Beta3 { get; init; } = 0.99;

    /// <summary>Keeps the denominator from zero: the authors' code.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The largest norm of all the rule's gradients together; larger ones are scaled down to it. 0 leaves
    /// clipping to the training loop.</summary>
    public double MaxGradientNorm { get; init; }

    /// <summary>Decay the weights before the step, as AdamW does, instead of dividing by 1 + lr·w after it.</summary>
    public bool NoProx { get; init; }

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new Adan(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
        [
            .. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckBeta(nameof(Beta3), Beta3),
            .. CheckPositive(nameof(Epsilon), Epsilon),
        ];
        foreach (var problem in problems) yield return problem;
        if (MaxGradientNorm < 0) yield return (nameof(MaxGradientNorm), "must not be negative");
    }
}

/// <summary>Adan (Xie et al., arXiv 2208.06677), Δ = g − g_previous (0 at the first step):
/// <code>
/// m ← β₁m + (1−β₁)g      d ← β₂d + (1−β₂)Δ      n ← β₃n + (1−β₃)(g + β₂Δ)²
/// W ← W − lr · [ m/(1−β₁ᵗ) + β₂d/(1−β₂ᵗ) ] / (√(n/(1−β₃ᵗ)) + ε)      W ← W/(1+lr·w)
/// </code>
/// State: four numbers per parameter.</summary>
internal sealed class Adan : UpdateRule
{
    private readonly AdanOptions _options;
    private readonly (Tensor First, Tensor Difference, Tensor Second, Tensor Previous, StateScalar Step)[] _state;
    private Tensor? _clipping_1;

    public Adan(AdanOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [.. Slots.Select(slot => (State.Zeros(slot, "first_moment"), State.Zeros(slot, "difference_moment"),
            State.Zeros(slot, "second_moment"), State.Zeros(slot, "previous_gradient"), State.Scalar(slot, "step")))];
    }

    protected override void Update(OptimizerStep step)
    {
        if (_options.MaxGradientNorm > 0)
        {
            var squares = Slots.Where(slot => slot.ElementCount > 0).Select(slot => slot.Gradient()).OfType<Tensor>()
                .Select(gradient => gradient.square().sum()).ToList();
            if (squares.Count == 0) return;
            var norm = stack(squares).sum().sqrt_().add_(_options.Epsilon);
            _clipping_1 = norm.reciprocal_().mul_(_options.MaxGradientNorm).clamp_max_(1);
        }
        base.Update(step);
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (first, difference, second, previous, count) = _state[slot.Index];
        var (beta1, beta2, beta3) = (_options.Beta1, _options.Beta2, _options.Beta3);
        if (_clipping_1 is not null) gradient = gradient.mul(_clipping_1);
        var change = count.Value++ == 0 ? gradient.sub(gradient) : gradient.sub(previous);
        first.mul_(beta1).add_(gradient, 1 - beta1);
        difference.mul_(beta2).add_(change, 1 - beta2);
        var ahead = change.mul_(beta2).add_(gradient);
        second.mul_(beta3).addcmul_(ahead, ahead, 1 - beta3);
        previous.copy_(gradient);

        var learningRate = Options.ScheduledLearningRate(step);
        var denominator = second.sqrt().div_(Math.Sqrt(1 - Math.Pow(beta3, count.Value))).add_(_options.Epsilon);
        if (_options.NoProx) Decay(slot, step);
        slot.Weight.addcdiv_(first, denominator, -learningRate / (1 - Math.Pow(beta1, count.Value)));
        slot.Weight.addcdiv_(difference, denominator, -learningRate * beta2 / (1 - Math.Pow(beta2, count.Value)));
        if (!_options.NoProx) slot.Weight.div_(1 + Options.Shrinkage(step));
    }
}
