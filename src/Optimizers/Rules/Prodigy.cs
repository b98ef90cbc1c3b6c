using PretrainBench.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Prodigy"/>.</summary>
[Rule("prodigy", "Adam that estimates its own learning rate")]
public sealed record ProdigyOptions : RuleOptions
{
    /// <summary>Mishchenko and Defazio: the learning rate stays 1, schedules multiply it.</summary>
    public ProdigyOptions() => (LearningRate, WeightDecay) = (1, 0.1);

    /// <summary>Decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Decay of the sums that estimate d; null for √β₂.</summary>
    public double? Beta3 { get; init; }

    /// <summary>Keeps the denominator from zero, times d.</summary>
    public double Epsilon { get; init; } = 1e-8;

    public bool BiasCorrection { get; init; }

    /// <summary>Leave the learning rate out of the sums, so that a warm-up does not inflate d.</summary>
    public bool SafeguardWarmup { get; init; }

    /// <summary>d₀, the first estimate; small enough is all that matters.</summary>
    public double InitialDistance { get; init; } = 1e-6;

    public double DistanceFactor { get; init; } = 1;

    /// <summary>By how much d may grow in a step; null for any.</summary>
    public double? GrowthRate { get; init; }

    /// <summary>Also decay gains and biases.</summary>
    public bool DecayVectors { get; init; }

    /// <inheritdoc/>
    /// <remarks>One estimate serves all parameters, so roles are not separated; vectors are spared the decay inside the
    /// rule.</remarks>
    public override RuleOptions ForRole(ParameterRole role, bool tiedEmbedding) => this;

    public override UpdateRule Create(RuleContext context) => new Prodigy(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
        [
            .. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckBeta(nameof(Beta3), Beta3 ?? 0),
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
    private readonly StateScalar _step;
    private readonly StateScalar _distance;
    private readonly StateScalar _largestDistance;
    private readonly StateScalar _numerator;

    /// <summary>Builds the rule.</summary>
    /// <param name="context">The parameters, at their initial values.</param>
    public Prodigy(ProdigyOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        using var noGradient = no_grad();
        _state = [.. Slots.Select(slot => (State.Zeros(slot, "first_moment"), State.Zeros(slot, "second_moment"),
            State.Zeros(slot, "gradient_sum"), State.Add($"{slot.Name}/start", slot.Weight.clone())))];
        _step = State.Scalar("step");
        _distance = State.Scalar("distance", options.InitialDistance);
        _largestDistance = State.Scalar("largest_distance", options.InitialDistance);
        _numerator = State.Scalar("numerator");
    }

    protected override void Update(OptimizerStep step)
    {
        var learningRate = Options.ScheduledLearningRate(step);
        if (learningRate == 0) return;
        var scale = learningRate * BiasCorrection() * _distance.Value;
        var numerator = _numerator.Value * (_options.Beta3 ?? Math.Sqrt(_options.Beta2));
        var denominator = 0.0;
        var active = new List<ParameterSlot>();
        foreach (var slot in Slots)
        {
            using var scope = NewDisposeScope();
            if (slot.ElementCount == 0 || slot.Gradient() is not { } gradient) continue;
            active.Add(slot);
            var (alignment, size) = TakeIn(slot, gradient, scale);
            numerator += alignment;
            denominator += size;
        }
        if (denominator == 0) return;
        _numerator.Value = numerator;
        UpdateDistance(_options.DistanceFactor * numerator / denominator);
        foreach (var slot in active) Move(slot, scale);
        _step.Value++;
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
        => throw new InvalidOperationException("Prodigy moves all parameters together.");

    private double BiasCorrection() => !_options.BiasCorrection ? 1
        : Math.Sqrt(1 - Math.Pow(_options.Beta2, _step.Value + 1)) / (1 - Math.Pow(_options.Beta1, _step.Value + 1));

    private (double Alignment, double Size) TakeIn(ParameterSlot slot, Tensor gradient, double scale)
    {
        var (first, second, sum, start) = _state[slot.Index];
        var distance = _distance.Value;
        var relative = distance / _options.InitialDistance;
        if (Options.WeightDecayKind == WeightDecayKind.Gradient && IsDecayed(slot))
            gradient = gradient.add(slot.Weight, Options.WeightDecay);
        var alignment = relative * scale * gradient.mul(start.sub(slot.Weight)).sum().ToDouble();
        first.mul_(_options.Beta1).add_(gradient, distance * (1 - _options.Beta1));
        second.mul_(_options.Beta2).addcmul_(gradient, gradient, distance * distance * (1 - _options.Beta2));
        sum.mul_(_options.Beta3 ?? Math.Sqrt(_options.Beta2)).add_(gradient,
            relative * (_options.SafeguardWarmup ? distance : scale));
        return (alignment, sum.abs().sum().ToDouble());
    }

    private void UpdateDistance(double estimate)
    {
        if (_distance.Value == _options.InitialDistance) _distance.Value = Math.Max(_distance.Value, estimate);
        _largestDistance.Value = Math.Max(_largestDistance.Value, estimate);
        _distance.Value =
            Math.Min(_largestDistance.Value, _distance.Value * (_options.GrowthRate ?? double.PositiveInfinity));
    }

    private void Move(ParameterSlot slot, double scale)
    {
        using var scope = NewDisposeScope();
        var (first, second, _, _) = _state[slot.Index];
        if (Options.WeightDecayKind != WeightDecayKind.Gradient && IsDecayed(slot))
            slot.Weight.mul_(1 - scale * Options.WeightDecay);
        slot.Weight.addcdiv_(first, second.sqrt().add_(_distance.Value * _options.Epsilon), -scale);
        slot.Commit();
    }

    private bool IsDecayed(ParameterSlot slot)
        => Options.WeightDecay != 0
            && (_options.DecayVectors || slot.Role is not (ParameterRole.Norm or ParameterRole.Bias));
}
