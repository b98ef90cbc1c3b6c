using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="SophiaG"/>.</summary>
[Rule("sophia-g", "momentum clipped by a diagonal Gauss-Newton estimate")]
public sealed record SophiaGOptions : RuleOptions
{
    /// <summary>Liu et al.: learning rate below AdamW's, decay 0.2, ρ = 0.05 for small models.</summary>
    public SophiaGOptions() => (LearningRate, WeightDecay) = (1e-3, 0.2);

    /// <summary>Decay of the momentum: the paper.</summary>
    public double Beta1 { get; init; } = 0.965;

    /// <summary>Decay of the curvature estimate: the paper.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>ρ: the larger, the fewer entries are clipped. The paper, small models.</summary>
    public double Rho { get; init; } = 0.05;

    /// <summary>Steps between two estimates of the curvature; each costs an extra forward and backward pass. The
    /// paper.</summary>
    public int CurvatureInterval { get; init; } = 10;

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new SophiaG(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
            [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
                .. CheckPositive(nameof(Rho), Rho)];
        foreach (var problem in problems) yield return problem;
        if (CurvatureInterval < 1) yield return (nameof(CurvatureInterval), "must be at least 1");
    }
}

/// <summary>
/// Sophia-G (Liu et al., arXiv 2305.14342). Every k steps, ĝ being the gradient of the mean loss over n tokens on
/// labels sampled from the model (the Gauss-Newton-Bartlett estimate is n·ĝ²): h ← β₂h + (1−β₂)ĝ². At every step
/// <code>
/// W ← (1−lr·w)W      m ← β₁m + (1−β₁)g      W ← W − lr · sign(m) · min(|m| / (ρ·n·h + 10⁻¹⁵), 1)
/// </code>
/// State: two numbers per parameter.</summary>
internal sealed class SophiaG : UpdateRule
{
    private const double Tiny = 1e-15;
    private readonly SophiaGOptions _options;
    private readonly (Tensor Momentum, Tensor Curvature)[] _state;
    private readonly StateScalar _tokenCount;

    public SophiaG(SophiaGOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [.. Slots.Select(slot => (State.Zeros(slot, "momentum"), State.Zeros(slot, "curvature")))];
        _tokenCount = State.Scalar("token_count");
    }

    public override bool WantsSampledGradient(OptimizerStep step) => step.Index % _options.CurvatureInterval == 0;

    protected override void Observe(OptimizerStep step, long tokenCount)
    {
        _tokenCount.Value = tokenCount;
        foreach (var slot in Slots)
            if (slot.ElementCount > 0 && slot.Gradient() is { } sampled)
                _state[slot.Index].Curvature.mul_(_options.Beta2).addcmul_(sampled, sampled, 1 - _options.Beta2);
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (momentum, curvature) = _state[slot.Index];
        Decay(slot, step);
        momentum.mul_(_options.Beta1).add_(gradient, 1 - _options.Beta1);
        var bound = curvature.mul(_options.Rho * _tokenCount.Value).add_(Tiny);
        var ratio = momentum.div(bound).clamp_(-1, 1);
        slot.Weight.add_(ratio, -Options.ScheduledLearningRate(step));
    }
}
