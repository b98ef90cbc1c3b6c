using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>What <see cref="Mars"/> makes of its variance-reduced gradient.</summary>
public enum MarsKind
{
    AdamW,

    /// <summary>The sign of the momentum.</summary>
    Lion,

    /// <summary>The orthogonalised momentum, as Muon.</summary>
    Shampoo,
}

/// <summary>Settings of <see cref="Mars"/>.</summary>
[Rule("mars", "variance-reduced gradients for AdamW, Lion or Shampoo steps on matrices")]
public sealed record MarsOptions : RuleOptions
{
    /// <summary>Yuan et al.'s defaults for language models.</summary>
    public MarsOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>What is made of the variance-reduced gradient.</summary>
    public MarsKind Kind { get; init; } = MarsKind.AdamW;

    /// <summary>Decay of the momentum: the authors' code.</summary>
    public double Beta1 { get; init; } = 0.95;

    /// <summary>Decay of the second moment: the authors' code.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>Keeps denominators from zero: the authors' code.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>γ: how strongly the change of the gradient is taken in; the authors' code.</summary>
    public double Gamma { get; init; } = 0.025;

    public override UpdateRule Create(RuleContext context) => new Mars(this, context);

    public override bool Serves(ParameterRole role) => role is not (ParameterRole.Norm or ParameterRole.Bias);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
            [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
                .. CheckPositive(nameof(Epsilon), Epsilon)];
        foreach (var problem in problems) yield return problem;
        if (Gamma < 0) yield return (nameof(Gamma), "must not be negative");
    }
}

/// <summary>
/// MARS (Yuan et al., arXiv 2411.10438), the approximate form that uses the previous step's own gradient (0 at first):
/// <code>
/// c = g + γ β₁/(1−β₁) (g − g_previous), scaled to norm 1 where larger      m ← β₁m + (1−β₁)c
/// AdamW:    v ← β₂v + (1−β₂)c²      u = m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
/// Lion:     u = sign(m)
/// Shampoo:  u = √max(1, rows/columns) · NewtonSchulz(m/(1−β₁))
/// W ← W − lr(u + w·W)
/// </code>
/// Vectors belong to AdamW with a learning rate of its own. State: three numbers per parameter (two for Lion and
/// Shampoo).
/// </summary>
internal sealed class Mars : UpdateRule
{
    private readonly MarsOptions _options;
    private readonly (Tensor First, Tensor? Second, Tensor Previous, StateScalar Step)[] _state;

    public Mars(MarsOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [.. Slots.Select(slot => (State.Zeros(slot, "first_moment"),
            options.Kind == MarsKind.AdamW ? State.Zeros(slot, "second_moment") : null,
            State.Zeros(slot, "previous_gradient"), State.Scalar(slot, "step")))];
    }

    public override double FlopsPerStep
        => _options.Kind != MarsKind.Shampoo
            ? 0
            : Slots.SelectMany(MatrixBlocks.Shapes)
                .Sum(shape => NewtonSchulz.Flops(shape.Rows, shape.Columns, Orthogonalisation.Steps));

    private OrthogonalisationOptions Orthogonalisation => new() { Epsilon = _options.Epsilon };

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (first, second, previous, count) = _state[slot.Index];
        count.Value++;
        var strength = _options.Gamma * _options.Beta1 / (1 - _options.Beta1);
        var corrected = gradient.mul(1 + strength).add_(previous, -strength);
        corrected.div_(corrected.square().sum().sqrt().clamp_(min: 1));
        previous.copy_(gradient);
        first.mul_(_options.Beta1).add_(corrected, 1 - _options.Beta1);

        Decay(slot, step);
        var learningRate = Options.ScheduledLearningRate(step);
        if (second is not null) StepAsAdamW(slot.Weight, corrected, (first, second), count.Value, learningRate);
        else if (_options.Kind == MarsKind.Lion) slot.Weight.add_(first.sign(), -learningRate);
        else StepAsShampoo(slot, first, learningRate);
    }

    private void StepAsAdamW(Tensor weight, Tensor corrected, (Tensor First, Tensor Second) moments, double count,
        double learningRate)
    {
        moments.Second.mul_(_options.Beta2).addcmul_(corrected, corrected, 1 - _options.Beta2);
        var root2 = Math.Sqrt(1 - Math.Pow(_options.Beta2, count));
        var denominator = moments.Second.sqrt().div_(root2).add_(_options.Epsilon);
        weight.addcdiv_(moments.First, denominator, -learningRate / (1 - Math.Pow(_options.Beta1, count)));
    }

    private void StepAsShampoo(ParameterSlot slot, Tensor first, double learningRate)
    {
        var momentum = first.div(1 - _options.Beta1);
        foreach (var (weight_MN, momentum_MN) in MatrixBlocks.Of(slot, slot.Weight)
                .Zip(MatrixBlocks.Of(slot, momentum)))
        {
            var scale = Math.Sqrt(Math.Max(1, weight_MN.size(0) / (double)weight_MN.size(1)));
            weight_MN.add_(NewtonSchulz.Orthogonalise(momentum_MN, Orthogonalisation), -learningRate * scale);
        }
    }
}
