using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Sgd"/>.</summary>
[Rule("sgd", "gradient descent with heavy-ball or Nesterov momentum")]
public sealed record SgdOptions : RuleOptions
{
    /// <summary>Momentum 0.9 as in PyTorch's examples; 0.1 suits small decoders, which need far larger steps than under
    /// Adam.</summary>
    public SgdOptions() => (LearningRate, WeightDecayKind) = (0.1, WeightDecayKind.Gradient);

    /// <summary>The momentum factor μ; 0 keeps no buffer. PyTorch's examples.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>How much of the gradient is held back from the buffer, d, except at the first step: PyTorch.</summary>
    public double Dampening { get; init; }

    /// <summary>Look ahead along the buffer.</summary>
    public bool Nesterov { get; init; }

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new Sgd(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var problem in base.Validate().Concat(CheckBeta(nameof(Momentum), Momentum))) yield return problem;
        if (Dampening is < 0 or > 1) yield return (nameof(Dampening), "must be between 0 and 1");
        if (Nesterov && (Momentum == 0 || Dampening != 0))
            yield return (nameof(Nesterov), "needs momentum above 0 and dampening 0");
    }
}

/// <summary>Gradient descent with momentum (Polyak 1964; Nesterov 1983; Sutskever et al. 2013), in PyTorch's form:
/// <code>
/// B ← g at the first step, else μB + (1−d)g      u = g + μB (Nesterov) or B      W ← W − lr·u
/// </code>
/// State: one number per parameter.</summary>
internal sealed class Sgd : UpdateRule
{
    private readonly SgdOptions _options;
    private readonly MomentumBuffer[] _buffers;

    public Sgd(SgdOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _buffers = options.Momentum == 0
            ? []
            : [.. Slots.Select(slot => new MomentumBuffer(State, slot, firstUndamped: true))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        Decay(slot, step);
        var direction = _buffers.Length == 0
            ? gradient
            : _buffers[slot.Index].Apply(gradient, _options.Momentum, _options.Dampening, _options.Nesterov);
        slot.Weight.add_(direction, -Options.ScheduledLearningRate(step));
    }
}
