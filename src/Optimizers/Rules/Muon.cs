using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>How Muon's momentum adds the gradient; both give the same updates up to the ε of the
/// normalisation.</summary>
public enum MomentumForm
{
    /// <summary>B ← μB + (1−μ)g (Keller Jordan, torch.optim.Muon).</summary>
    Ema,

    /// <summary>B ← μB + g (older Keller Jordan, Moonlight, Dion, Marin).</summary>
    HeavyBall,
}

/// <summary>Settings of <see cref="Muon"/>.</summary>
[Rule("muon", "momentum, orthogonalised by Newton-Schulz, on hidden matrices")]
public record MuonOptions : MatrixRuleOptions
{
    /// <summary>Keller Jordan's learning rate of 0.02 and the decay of Moonlight and Wen et al., 0.1.</summary>
    public MuonOptions() => (LearningRate, WeightDecay) = (0.02, 0.1);

    /// <summary>Momentum μ: Jordan.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>Whether the gradient is looked at once more beyond the momentum: Jordan.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>How the momentum adds the gradient.</summary>
    public MomentumForm MomentumForm { get; init; } = MomentumForm.Ema;

    /// <summary>What multiplies the orthogonalised momentum of an m × n matrix: Jordan.</summary>
    public MuonScale Scale { get; init; } = MuonScale.Keller;

    /// <summary>The Newton–Schulz iteration.</summary>
    public OrthogonalisationOptions Orthogonalisation { get; init; } = new();

    /// <inheritdoc/>
    /// <remarks>3e-3 for AdamW beside 0.02.</remarks>
    protected override double OwnCompanionRatio => 0.15;

    public override Bundling Bundling => Bundling.SameShape;

    public override bool IsFasterBundled(Tensor parameter) => Orthogonalisation.IsFasterStacked(parameter);

    public override UpdateRule Create(RuleContext context) => new Muon(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Momentum), Momentum)];
}

/// <summary>Muon (Keller Jordan et al., 2024; Liu et al., arXiv 2502.16982), on each m × n matrix:
/// <code>
/// B ← μB + (1−μ)g         u = (1−μ)g + μB (Nesterov), else B
/// W ← (1−lr·w)W           W ← W − lr·s·NewtonSchulz(u)
/// </code>
/// Matrices stacked along the rows (<see cref="ModelParameter{T}.RowBlocks"/>) are orthogonalised apart; further
/// dimensions are flattened into the columns, and a vector is a matrix of one row. State: one number per parameter.
/// </summary>
internal class Muon : UpdateRule
{
    private readonly MuonOptions _options;
    private readonly Tensor[] _momentum;

    public Muon(MuonOptions options, RuleContext context)
        : this(options, options, context)
    {
    }

    /// <summary>For rules that use the direction otherwise and have settings of their own.</summary>
    protected Muon(RuleOptions options, MuonOptions direction, RuleContext context)
        : base(options, context)
    {
        _options = direction;
        _momentum = [.. Slots.Select(slot => State.Zeros(slot, "momentum"))];
    }

    public override double FlopsPerStep => Slots.SelectMany(MatrixBlocks.Shapes)
        .Sum(shape => NewtonSchulz.Flops(shape.Rows, shape.Columns, _options.Orthogonalisation.Steps));

    protected override bool ParametersAreIndependent => true;

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var direction = Direction(slot, gradient);
        Decay(slot, step);
        var learningRate = Options.ScheduledLearningRate(step);
        foreach (var (block, (weight_MN, direction_MN)) in MatrixBlocks.Of(slot, slot.Weight)
                .Zip(MatrixBlocks.Of(slot, direction)).Index())
            Move(slot, block, weight_MN, NewtonSchulz.Orthogonalise(direction_MN, _options.Orthogonalisation),
                learningRate);
    }

    /// <summary>Moves one matrix, or a stack, along its orthogonalised direction.</summary>
    /// <param name="block">Which of the parameter's matrices.</param>
    protected virtual void Move(
        ParameterSlot slot, int block, Tensor weight_MN, Tensor orthogonal_MN, double learningRate)
    {
        var (rows, columns) = (weight_MN.size(-2), weight_MN.size(-1));
        weight_MN.add_(orthogonal_MN, -learningRate * _options.OrthogonalFactor(rows, columns,
            Math.Min(rows, columns), _options.Scale.Factor(rows, columns)));
    }

    /// <summary>Takes the gradient in and gives what is orthogonalised; not to be changed.</summary>
    protected virtual Tensor Direction(ParameterSlot slot, Tensor gradient)
    {
        var momentum = _momentum[slot.Index];
        var weight = _options.MomentumForm == MomentumForm.Ema ? 1 - _options.Momentum : 1;
        momentum.mul_(_options.Momentum).add_(gradient, weight);
        return _options.Nesterov ? momentum.mul(_options.Momentum).add_(gradient, weight) : momentum;
    }
}
