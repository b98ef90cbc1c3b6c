using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Prodigy"/>.</summary>
[Rule("prodigy", "Adam that estimates its own learning rate")]
public sealed record ProdigyOptions : RuleOptions
{
    /// <summary>Mishchenko and Defazio: the learning rate stays 1, schedules multiply it.</summary>
    public ProdigyOptions() => (LearningRate, WeightDecay) = (1, 0.1);

    /// <summary>Decay of the first moment: the paper.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment: AdamW's.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Decay of the sums that estimate d; null for √β₂, as the authors' code.</summary>
    public double? Beta3 { get; init; }

    /// <summary>Keeps the denominator from zero, times d.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Correct the moments' start at zero; the authors' code does not.</summary>
    public bool BiasCorrection { get; init; }

    /// <summary>Leave the learning rate out of the sums, so that a warm-up does not inflate d; for schedules that have
    /// one.</summary>
    public bool SafeguardWarmup { get; init; }

    /// <summary>d₀, the first estimate; small enough is all that matters: the authors' code.</summary>
    public double InitialDistance { get; init; } = 1e-6;

    /// <summary>What the estimate is multiplied by: the authors' code.</summary>
    public double DistanceFactor { get; init; } = 1;

    /// <summary>By how much d may grow in a step; null for any.</summary>
    public double? GrowthRate { get; init; }

    /// <summary>Also decay gains and biases, which are spared as under all other rules.</summary>
    public bool DecayVectors { get; init; }

    /// <inheritdoc/>
    /// <remarks>One estimate serves all parameters, so roles are not separated; vectors are spared the decay inside the
    /// rule.</remarks>
    public override RuleOptions ForRole(ParameterRole role, bool tiedEmbedding) => this;

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new Prodigy(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
        [
            .. base.Validate(), .. CheckNotCautious(), .. CheckBeta(nameof(Beta1), Beta1),
            .. CheckBeta(nameof(Beta2), Beta2), .. CheckBeta(nameof(Beta3), Beta3 ?? 0),
            .. CheckPositive(nameof(Epsilon), Epsilon), .. CheckPositive(nameof(InitialDistance), InitialDistance),
            .. CheckPositive(nameof(DistanceFactor), DistanceFactor),
        ];
        foreach (var problem in problems) yield return problem;
        if (GrowthRate <= 1) yield return (nameof(GrowthRate), "must be greater than 1, or null for any growth");
    }
}

/// <summary>
/// Prodigy (Mishchenko and Defazio, arXiv 2306.06101). d estimates the distance from the start W₀ to the solution and
/// γ = d·lr (times Adam's bias correction if asked for); sums run over all parameters of the rule:
/// <code>
/// r ← β₃r + (d/d₀)γ⟨g, W₀−W⟩      s ← β₃s + (d/d₀)γ·g      d̂ = r/‖s‖₁      d ← max(d, d̂)
/// m ← β₁m + (1−β₁)d·g      v ← β₂v + (1−β₂)d²g²      W ← (1−γ·w)W − γ·m/(√v + d·ε)
/// </code>
/// with the d of before in m, v and γ, and the new one in the denominator. State: four numbers per parameter.</summary>
internal sealed class Prodigy : UpdateRule
{
    private readonly ProdigyOptions _options;
    private readonly (Tensor First, Tensor Second, Tensor Sum, Tensor Start)[] _state;

    // One number each, in 64 bits on the parameters' device: to read them would wait for it.
    private readonly Tensor _step, _distance, _largestDistance, _numerator;

    /// <summary>Builds the rule.</summary>
    /// <param name="context">The parameters, at their initial values.</param>
    public Prodigy(ProdigyOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        using var noGradient = no_grad();
        _state = [.. Slots.Select(slot => (State.Zeros(slot, "first_moment"), State.Zeros(slot, "second_moment"),
            State.Zeros(slot, "gradient_sum"), State.Add(slot, "start", slot.Weight.clone())))];
        _step = Number("step", 0);
        _distance = Number("distance", options.InitialDistance);
        _largestDistance = Number("largest_distance", options.InitialDistance);
        _numerator = Number("numerator", 0);
    }

    protected override void Update(OptimizerStep step)
    {
        var learningRate = Options.ScheduledLearningRate(step);
        if (learningRate == 0) return;
        var scale_1 = _distance.mul(learningRate).mul_(BiasCorrection());
        var numerator_1 = _numerator.mul(_options.Beta3 ?? Math.Sqrt(_options.Beta2));
        var denominator_1 = zeros_like(numerator_1);
        var active = new List<ParameterSlot>();
        foreach (var slot in Slots)
        {
            using var scope = NewDisposeScope();
            if (slot.ElementCount == 0 || slot.Gradient() is not { } gradient) continue;
            active.Add(slot);
            var (alignment_1, size_1) = TakeIn(slot, gradient, scale_1);
            numerator_1.add_(alignment_1);
            denominator_1.add_(size_1);
        }
        // Gradients that were all zeros so far move nothing.
        var moves = denominator_1.gt(0);
        var estimate_1 = numerator_1.mul(_options.DistanceFactor).div_(denominator_1);
        _numerator.copy_(where(moves, numerator_1, _numerator));
        UpdateDistance(where(moves, estimate_1, zeros_like(estimate_1)));
        foreach (var slot in active) Move(slot, scale_1.mul(moves));
        _step.add_(moves);
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
        => throw new InvalidOperationException("Prodigy moves all parameters together.");

    private Tensor Number(string name, double value)
        => State.Add(name, full(Array.Empty<long>(), value, dtype: ScalarType.Float64,
            device: Device));

    private Tensor BiasCorrection()
    {
        if (!_options.BiasCorrection) return ones_like(_step);
        var next_1 = _step.add(1);
        return (1 - pow(_options.Beta2, next_1)).sqrt_().div_(1 - pow(_options.Beta1, next_1));
    }

    private (Tensor Alignment_1, Tensor Size_1) TakeIn(ParameterSlot slot, Tensor gradient, Tensor scale_1)
    {
        var (first, second, sum, start) = _state[slot.Index];
        var relative_1 = _distance.div(_options.InitialDistance);
        if (Options.WeightDecayKind == WeightDecayKind.Gradient && IsDecayed(slot))
            gradient = gradient.add(slot.Weight, Options.WeightDecay);
        var alignment_1 = gradient.mul(start.sub(slot.Weight)).sum().mul(relative_1).mul_(scale_1);
        first.mul_(_options.Beta1).add_(gradient.mul(_distance), 1 - _options.Beta1);
        second.mul_(_options.Beta2).add_(gradient.square().mul_(_distance.square()), 1 - _options.Beta2);
        sum.mul_(_options.Beta3 ?? Math.Sqrt(_options.Beta2)).add_(
            gradient.mul(relative_1.mul(_options.SafeguardWarmup ? _distance : scale_1)));
        return (alignment_1, sum.abs().sum());
    }

    private void UpdateDistance(Tensor estimate_1)
    {
        var isFirst = _distance.eq(_options.InitialDistance);
        var distance_1 = where(isFirst, _distance.maximum(estimate_1), _distance);
        _largestDistance.copy_(_largestDistance.maximum(estimate_1));
        _distance.copy_(_options.GrowthRate is { } rate
            ? _largestDistance.minimum(distance_1.mul_(rate))
            : _largestDistance);
    }

    private void Move(ParameterSlot slot, Tensor scale_1)
    {
        using var scope = NewDisposeScope();
        var (first, second, _, _) = _state[slot.Index];
        if (Options.WeightDecayKind != WeightDecayKind.Gradient && IsDecayed(slot))
            slot.Weight.mul_(1 - scale_1 * Options.WeightDecay);
        slot.Weight.sub_(first.mul(scale_1).div_(second.sqrt().add_(_distance * _options.Epsilon)));
        slot.Commit();
    }

    private bool IsDecayed(ParameterSlot slot)
        => Options.WeightDecay != 0
            && (_options.DecayVectors || slot.Role is not (ParameterRole.Norm or ParameterRole.Bias));
}
