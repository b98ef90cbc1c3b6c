using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="AdamMini"/>.</summary>
[Rule("adam-mini", "AdamW with one second moment for each head, neuron or token")]
public sealed record AdamMiniOptions : RuleOptions
{
    /// <summary>AdamW's settings serve, as Zhang et al. found.</summary>
    public AdamMiniOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the first moment: the paper.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment: the paper.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the denominator from zero: the authors' code.</summary>
    public double Epsilon { get; init; } = 1e-8;

    public override UpdateRule Create(RuleContext context) => new AdamMini(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckPositive(nameof(Epsilon), Epsilon)];
}

/// <summary>
/// Adam-mini (Zhang et al., arXiv 2406.16793): AdamW whose second moment is one number for each block b of a parameter,
/// t counted from 1:
/// <code>
/// m ← β₁m + (1−β₁)g      v_b ← β₂v_b + (1−β₂) mean_b(g²)
/// W ← (1−lr·w)W          W_b ← W_b − lr · m_b/(1−β₁ᵗ) / (√(v_b/(1−β₂ᵗ)) + ε)
/// </code>
/// The blocks follow the Hessian's (the paper's Algorithm 3): an attention head of a query or key projection
/// (<see cref="ModelParameter{T}.RowsPerHead"/>), a row of any other matrix (an output neuron, a token), a whole gain;
/// the entries of a bias are blocks of their own. State: one number per parameter and one per block.</summary>
internal sealed class AdamMini : UpdateRule
{
    private readonly AdamMiniOptions _options;
    private readonly (Tensor First_BE, Tensor Second_B1, StateScalar Step)[] _state;

    public AdamMini(AdamMiniOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [.. Slots.Select(slot => (
            State.Zeros(slot, "first_moment", [BlocksOf(slot), slot.ElementCount / BlocksOf(slot)]),
            State.Zeros(slot, "second_moment", [BlocksOf(slot), 1]),
            State.Scalar(slot, "step")))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (first_BE, second_B1, count) = _state[slot.Index];
        count.Value++;
        var gradient_BE = gradient.reshape(first_BE.shape);
        first_BE.mul_(_options.Beta1).add_(gradient_BE, 1 - _options.Beta1);
        // Norms need no squares of the parameter's size, and factors per block no quotients.
        var norm_B1 = linalg.vector_norm(gradient_BE, 2, [1], keepdim: true);
        second_B1.mul_(_options.Beta2).addcmul_(norm_B1, norm_B1, (1 - _options.Beta2) / Math.Max(1, first_BE.size(1)));
        var rate = Options.ScheduledLearningRate(step) / (1 - Math.Pow(_options.Beta1, count.Value));
        var inverse_B1 = second_B1.sqrt().div_(Math.Sqrt(1 - Math.Pow(_options.Beta2, count.Value))).add_(
            _options.Epsilon).reciprocal_();
        Decay(slot, step);
        slot.Weight.view(first_BE.shape).addcmul_(first_BE, inverse_B1, -rate);
    }

    private static long BlocksOf(ParameterSlot slot)
    {
        if (slot.ElementCount == 0 || (slot.Shape.Length < 2 && slot.Role != ParameterRole.Bias)) return 1;
        return slot.Shape.Length < 2 ? slot.ElementCount : slot.Shape[0] / slot.Parameter.RowsPerHead;
    }
}
