using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="AdamH"/>.</summary>
[Rule("adamh", "Adam's direction on the sphere of each hidden matrix's norm")]
public sealed record AdamHOptions : HyperballOptions
{
    /// <summary>Marin's learning rate, the angle of a step; the norm is fixed, so that nothing decays.</summary>
    public AdamHOptions()
    {
    }

    /// <summary>Decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the denominator from zero.</summary>
    public double Epsilon { get; init; } = 1e-8;

    public override UpdateRule Create(RuleContext context) => new AdamH(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1),
            .. CheckBeta(nameof(Beta2), Beta2), .. CheckPositive(nameof(Epsilon), Epsilon)];
}

/// <summary>AdamH (Wen et al., arXiv 2606.16899): Adam's bias-corrected direction u = m̂/(√v̂ + ε), taken as a step of
/// <see cref="Hyperball"/> by each matrix. State: two numbers per parameter.</summary>
internal sealed class AdamH : UpdateRule
{
    private readonly AdamHOptions _options;
    private readonly AdamMoments[] _moments;

    public AdamH(AdamHOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _moments = [.. Slots.Select(slot => new AdamMoments(State, slot))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var direction = zeros_like(slot.Weight);
        _moments[slot.Index].Apply(direction, gradient, learningRate: -1,
            (_options.Beta1, _options.Beta2, _options.Epsilon, EpsilonPlacement.Corrected));
        foreach (var (weight_MN, direction_MN) in MatrixBlocks.Of(slot, slot.Weight)
                .Zip(MatrixBlocks.Of(slot, direction)))
            Hyperball.Step(weight_MN, direction_MN, Options.ScheduledLearningRate(step));
    }
}
