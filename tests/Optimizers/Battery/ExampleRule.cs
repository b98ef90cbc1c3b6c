using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>The smallest rule: all that adding an optimizer takes. Nothing else names it, and the battery tests
/// it.</summary>
[Rule("example", "gradient descent with a counted step")]
public sealed record ExampleOptions : RuleOptions
{
    public ExampleOptions() => LearningRate = 0.01;

    public override UpdateRule Create(RuleContext context) => new Example(this, context);
}

/// <summary>W ← W − lr·g.</summary>
internal sealed class Example : UpdateRule
{
    private readonly StateScalar[] _steps;

    public Example(ExampleOptions options, RuleContext context)
        : base(options, context)
        => _steps = [.. Slots.Select(slot => State.Scalar(slot, "step"))];

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        _steps[slot.Index].Value++;
        Decay(slot, step);
        slot.Weight.add_(gradient, -Options.ScheduledLearningRate(step));
    }
}
