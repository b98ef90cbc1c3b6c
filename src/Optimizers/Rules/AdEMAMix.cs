using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="AdEMAMix"/>.</summary>
[Rule("ademamix", "AdamW with a second, slow momentum")]
public sealed record AdEMAMixOptions : RuleOptions
{
    /// <summary>Pagliardini et al.: α = 8 and β₃ = 0.9999 for long runs; short runs need a shorter slow
    /// momentum.</summary>
    public AdEMAMixOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the fast momentum: the paper.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment: the paper.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Decay of the slow momentum after its warm-up; the paper has 0.9999, for 256,000 steps.</summary>
    public double Beta3 { get; init; } = 0.999;

    /// <summary>Weight of the slow momentum after its warm-up: the paper.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>Steps over which β₃ grows from β₁, linearly in half-life; null for none, the paper has the run's
    /// length.</summary>
    public long? Beta3WarmupSteps { get; init; }

    /// <summary>Steps over which α grows linearly from 0; null for none, the paper has the run's length.</summary>
    public long? AlphaWarmupSteps { get; init; }

    /// <summary>Keeps the denominator from zero: the paper.</summary>
    public double Epsilon { get; init; } = 1e-8;

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new AdEMAMix(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
        [
            .. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckBeta(nameof(Beta3), Beta3),
            .. CheckPositive(nameof(Epsilon), Epsilon),
        ];
        foreach (var problem in problems) yield return problem;
        if (Alpha < 0) yield return (nameof(Alpha), "must not be negative");
        if (Beta3WarmupSteps is <= 0) yield return (nameof(Beta3WarmupSteps), "must be at least 1, or null for none");
        if (AlphaWarmupSteps is <= 0) yield return (nameof(AlphaWarmupSteps), "must be at least 1, or null for none");
    }
}

/// <summary>AdEMAMix (Pagliardini, Ablin and Grangier, arXiv 2409.03137):
/// <code>
/// m₁ ← β₁m₁ + (1−β₁)g      m₂ ← β₃(t)m₂ + (1−β₃(t))g      v ← β₂v + (1−β₂)g²
/// W ← W − lr · [ (m₁/(1−β₁ᵗ) + α(t)m₂) / (√(v/(1−β₂ᵗ)) + ε) + w·W ]
/// </code>
/// with α(t) warmed up linearly and β₃(t) linearly in its half-life. State: three numbers per parameter.</summary>
internal sealed class AdEMAMix : UpdateRule
{
    private readonly AdEMAMixOptions _options;
    private readonly (Tensor Fast, Tensor Slow, Tensor Second, StateScalar Step)[] _state;

    public AdEMAMix(AdEMAMixOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [.. Slots.Select(slot => (State.Zeros(slot, "fast_momentum"), State.Zeros(slot, "slow_momentum"),
            State.Zeros(slot, "second_moment"), State.Scalar(slot, "step")))];
    }

    /// <summary>α at a step counted from 1.</summary>
    internal static double WarmedAlpha(AdEMAMixOptions options, double step)
        => options.AlphaWarmupSteps is { } warmup && step < warmup ? options.Alpha * step / warmup : options.Alpha;

    /// <summary>β₃ at a step counted from 1: its half-life, not itself, grows linearly.</summary>
    internal static double WarmedBeta3(AdEMAMixOptions options, double step)
    {
        if (options.Beta3WarmupSteps is not { } warmup || step >= warmup) return options.Beta3;
        var share = step / warmup;
        var halfLife = (1 - share) * HalfLife(options.Beta1) + share * HalfLife(options.Beta3);
        return Math.Pow(0.5, 1 / (halfLife + 1));
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (fast, slow, second, count) = _state[slot.Index];
        count.Value++;
        var beta3 = WarmedBeta3(_options, count.Value);
        fast.mul_(_options.Beta1).add_(gradient, 1 - _options.Beta1);
        slow.mul_(beta3).add_(gradient, 1 - beta3);
        second.mul_(_options.Beta2).addcmul_(gradient, gradient, 1 - _options.Beta2);

        var root2 = Math.Sqrt(1 - Math.Pow(_options.Beta2, count.Value));
        var denominator = second.sqrt().div_(root2).add_(_options.Epsilon);
        var numerator =
            fast.div(1 - Math.Pow(_options.Beta1, count.Value)).add_(slow, WarmedAlpha(_options, count.Value));
        Decay(slot, step);
        slot.Weight.addcdiv_(numerator, denominator, -Options.ScheduledLearningRate(step));
    }

    // The authors' code keeps the logarithm from 0 by 1e-8.
    private static double HalfLife(double beta) => Math.Log(0.5) / Math.Log(beta + 1e-8) - 1;
}
