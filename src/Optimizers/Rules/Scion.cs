using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>
/// Scion (Pethick et al., Training Deep Learning Models with Norm-Constrained LMOs, arXiv 2502.07529), with a the
/// weight of the new gradient and r the radius:
/// <code>
/// B ← (1−a)B + a·g
/// W ← (1−lr)W − lr·r·lmo(B)   constrained (conditional gradient);   W ← W − lr·r·lmo(B)   unconstrained
/// </code>
/// where −lmo(B) minimises ⟨·, B⟩ over the unit ball of the layer's norm (<see cref="ScionNorm"/>).
/// State: one number per parameter, none when a = 1.</summary>
internal sealed class Scion : UpdateRule
{
    private readonly ScionOptions _options;
    private readonly UnitBall[] _balls;
    private readonly Tensor?[] _momentum;

    public Scion(ScionOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _balls = [.. Slots.Select(options.BallFor)];
        _momentum = [.. Slots.Select(slot => options.GradientWeight == 1 ? null : State.Zeros(slot, "momentum"))];
    }

    public override double FlopsPerStep
        => Slots.Where(slot => _balls[slot.Index].Norm == ScionNorm.Spectral)
            .SelectMany(MatrixBlocks.Shapes)
            .Sum(shape => NewtonSchulz.Flops(shape.Rows, shape.Columns, _options.Orthogonalisation.Steps));

    public override void Initialise()
    {
        if (!_options.InitialiseWeights) return;
        using var noGradient = no_grad();
        foreach (var slot in Slots.Where(slot => slot.ElementCount > 0))
        {
            using var scope = NewDisposeScope();
            foreach (var (member, weight) in slot.Parts(slot.Weight))
                StartOnSphere(weight, member, _balls[slot.Index]);
            slot.Commit();
        }
    }

    protected override bool ParametersAreIndependent => true;

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var direction = gradient;
        if (_momentum[slot.Index] is { } momentum)
            direction = momentum.mul_(1 - _options.GradientWeight).add_(gradient, _options.GradientWeight);
        var learningRate = Options.ScheduledLearningRate(step);
        if (_options.Unconstrained) Decay(slot, step);
        else slot.Weight.mul_(1 - learningRate);
        var ball = _balls[slot.Index];
        foreach (var (weight, part) in Parts(slot, slot.Weight).Zip(Parts(slot, direction)))
            weight.add_(UnitBalls.Furthest(ball, part, slot.IsStack, _options.Orthogonalisation),
                -learningRate * _options.Radius);
    }

    private void StartOnSphere(Tensor weight, ModelParameter<Tensor> parameter, UnitBall ball)
    {
        var random = SeedSequence.Generator(Seed, $"scion:{parameter.Name}");
        foreach (var block in parameter.RowBlocks == 1 ? [weight] : weight.chunk(parameter.RowBlocks, 0))
        {
            var start = tensor(UnitBalls.Start(ball, block.shape, random), block.shape, ScalarType.Float64);
            block.copy_(start.mul_(_options.Radius));
        }
    }

    // The tensor itself, or its fused projections apart.
    private static IEnumerable<Tensor> Parts(ParameterSlot slot, Tensor tensor)
        => slot.Parameter.RowBlocks == 1 ? [tensor] : MatrixBlocks.Of(slot, tensor);
}
