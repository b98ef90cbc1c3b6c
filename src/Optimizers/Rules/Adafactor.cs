using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Adafactor"/>.</summary>
[Rule("adafactor", "Adam with a second moment kept as one row and one column")]
public sealed record AdafactorOptions : RuleOptions
{
    /// <summary>The scheduled learning rate as it is, as language models use it (PaLM, arXiv 2204.02311), instead of
    /// the relative steps of the paper.</summary>
    public AdafactorOptions() => LearningRate = 1e-2;

    /// <summary>Added to the squared gradient: the paper.</summary>
    public double Epsilon1 { get; init; } = 1e-30;

    /// <summary>The smallest scale of a parameter: the paper.</summary>
    public double Epsilon2 { get; init; } = 1e-3;

    /// <summary>The largest root mean square of an update before the learning rate: the paper.</summary>
    public double ClipThreshold { get; init; } = 1;

    /// <summary>γ of the second moment's decay β₂(t) = 1 − t^γ: the paper.</summary>
    public double DecayRate { get; init; } = -0.8;

    /// <summary>Decay of a momentum of updates; null keeps none, as the paper.</summary>
    public double? Beta1 { get; init; }

    /// <summary>Multiply the learning rate by the root mean square of the parameter, as the paper.</summary>
    public bool ScaleParameter { get; init; } = true;

    /// <summary>Replace the learning rate by the paper's min(10⁻², 1/√t); the schedule is then ignored.</summary>
    public bool RelativeStep { get; init; }

    public override UpdateRule Create(RuleContext context) => new Adafactor(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
        [
            .. base.Validate(), .. CheckNotCautious(), .. CheckBeta(nameof(Beta1), Beta1 ?? 0),
            .. CheckPositive(nameof(Epsilon1), Epsilon1),
            .. CheckPositive(nameof(Epsilon2), Epsilon2), .. CheckPositive(nameof(ClipThreshold), ClipThreshold),
        ];
        foreach (var problem in problems) yield return problem;
        if (DecayRate >= 0) yield return (nameof(DecayRate), "must be negative");
    }
}

/// <summary>Adafactor (Shazeer and Stern, arXiv 1804.04235). With U = g² + ε₁ and β(t) = 1 − t^γ, for a matrix
/// <code>
/// r ← β(t)r + (1−β(t)) rowmean(U)      c ← β(t)c + (1−β(t)) colmean(U)      V = r cᵀ / mean(r)      u = g/√V
/// u ← u / max(1, rms(u)/d)      s = lr · max(ε₂, rms(W))      W ← W − s(u + w·W)
/// </code>
/// and for a vector V ← β(t)V + (1−β(t))U. State: rows + columns numbers a matrix.</summary>
internal sealed class Adafactor : UpdateRule
{
    private const double LargestRelativeStep = 1e-2;
    private readonly AdafactorOptions _options;
    private readonly (Tensor Row, Tensor? Column, Tensor? Momentum, StateScalar Step)[] _state;

    public Adafactor(AdafactorOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [.. Slots.Select(slot => (
            State.Zeros(slot, IsMatrix(slot) ? "row_moment" : "second_moment",
                IsMatrix(slot) ? slot.Shape[..^1] : slot.Shape),
            IsMatrix(slot) ? State.Zeros(slot, "column_moment", [.. slot.Shape[..^2], slot.Shape[^1]]) : null,
            options.Beta1 is null ? null : State.Zeros(slot, "momentum"),
            State.Scalar(slot, "step")))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (_, _, momentum, count) = _state[slot.Index];
        count.Value++;
        var relative = Math.Min(LargestRelativeStep, 1 / Math.Sqrt(count.Value));
        var rate = _options.RelativeStep ? relative : Options.ScheduledLearningRate(step);
        var learningRate_1 = _options.ScaleParameter
            ? RootMeanSquare(slot.Weight).clamp_min_(_options.Epsilon2).mul_(rate)
            : full(Array.Empty<long>(), rate, dtype: slot.StateType, device: slot.Weight.device);

        var update = Normalised(slot, gradient, 1 - Math.Pow(count.Value, _options.DecayRate));
        update.mul_(learningRate_1.div(RootMeanSquare(update).div_(_options.ClipThreshold).clamp_min_(1)));
        if (momentum is not null && _options.Beta1 is { } beta1) update = momentum.mul_(beta1).add_(update, 1 - beta1);
        if (Options.WeightDecay != 0 && Options.WeightDecayKind != WeightDecayKind.Gradient)
            slot.Weight.mul_(1 - learningRate_1 * Options.WeightDecay);
        slot.Weight.sub_(update);
    }

    private Tensor Normalised(ParameterSlot slot, Tensor gradient, double beta)
    {
        var (row, column, _, _) = _state[slot.Index];
        var square = gradient.square().add_(_options.Epsilon1);
        if (column is null) return row.mul_(beta).add_(square, 1 - beta).rsqrt().mul_(gradient);
        row.mul_(beta).add_(square.mean([-1]), 1 - beta);
        column.mul_(beta).add_(square.mean([-2]), 1 - beta);
        var rowFactor = row.div(row.mean([-1], keepdim: true)).rsqrt_().unsqueeze(-1);
        return gradient.mul(rowFactor).mul_(column.rsqrt().unsqueeze(-2));
    }

    private static bool IsMatrix(ParameterSlot slot) => slot.Shape.Length >= 2;

    private static Tensor RootMeanSquare(Tensor tensor) => tensor.square().mean().sqrt_();
}
