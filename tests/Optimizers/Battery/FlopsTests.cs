using PretrainBench.Core.Configuration;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>What a rule says of its work is what libtorch is seen to do. The trace is the process's, so that nothing
/// else runs meanwhile.</summary>
[Collection(nameof(LeakTests))]
public class FlopsTests
{
    private const int Steps = 20;

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void A_rule_declares_the_matrices_that_it_multiplies(string rule)
    {
        using var trial = Trial.OfModel(rule);
        AssertDeclared(trial);
    }

    [Theory]
    [InlineData("{name: muon, orthogonalisation: {steps: 2}}")]
    [InlineData("{name: muon, bundled: true}")]
    [InlineData("{name: mars, kind: shampoo}")]
    [InlineData("{name: soap, precondition_frequency: 1, bundled: true}")]
    [InlineData("{name: shampoo, preconditioner: eigenvalue_corrected, precondition_frequency: 5}")]
    public void With_other_settings_too(string settings)
    {
        using var trial = Trial.OfModel(ConfigBinder.Bind<OptimizerConfig>(ConfigFile.Parse(settings, "test"), "test"));
        AssertDeclared(trial);
    }

    [Fact]
    public void A_rule_that_forgets_to_is_found()
    {
        using var trial = Trial.OfShapes(new ForgetfulOptions(), [9, 6]);
        Assert.Equal(0, trial.Optimizer.FlopsPerStep);
        Assert.Equal(2.0 * 9 * 9 * 6, MeasuredPerStep(trial));
    }

    // A factor of four: what a decomposition costs is a convention, and a mean over a whole run is declared (Kron's
    // factors learn at every step in the beginning, and at every 33rd in the end).
    private static void AssertDeclared(Trial trial)
    {
        var (measured, declared) = (MeasuredPerStep(trial), trial.Optimizer.FlopsPerStep);
        Assert.True(declared >= measured / 4 && declared <= measured * 4,
            $"the rule's matrix products take {measured:N0} FLOPs a step, its FlopsPerStep says {declared:N0}");
    }

    private static double MeasuredPerStep(Trial trial)
    {
        trial.Run(0, 10);
        return OperatorTrace.Of(() => trial.Run(10, 10 + Steps)).Sum(FlopsOf) / Steps;
    }

    private static double FlopsOf((string Operator, long[][] Shapes) call) => call.Operator.TrimEnd('_') switch
    {
        "aten::mm" or "aten::mv" or "aten::bmm" => Product(call.Shapes[0], call.Shapes[1]),
        "aten::addmm" or "aten::addmv" or "aten::baddbmm" => Product(call.Shapes[1], call.Shapes[2]),
        "aten::linalg_qr" => Cubic(8.0 / 3, call.Shapes[0]),
        "aten::linalg_eigh" => Cubic(9, call.Shapes[0]),
        "aten::linalg_svd" => Cubic(20, call.Shapes[0]),
        "aten::linalg_cholesky_ex" => Cubic(1.0 / 3, call.Shapes[0]),
        "aten::linalg_inv_ex" => Cubic(2, call.Shapes[0]),
        "aten::linalg_solve_triangular" => Product(call.Shapes[0], call.Shapes[1]) / 2,
        _ => 0,
    };

    private static double Product(long[] left, long[] right)
        => 2.0 * Size(left) * (right.Length < 2 ? 1 : right[^1]);

    private static double Cubic(double factor, long[] shape) => factor * Size(shape) * shape[^2..].Min();

    private static long Size(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private sealed record ForgetfulOptions : RuleOptions
    {
        public ForgetfulOptions() => LearningRate = 0.01;

        public override UpdateRule Create(RuleContext context) => new Forgetful(this, context);
    }

    private sealed class Forgetful(RuleOptions options, RuleContext context) : UpdateRule(options, context)
    {
        protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
            => slot.Weight.add_(gradient.mm(gradient.mT).sum(), -Options.ScheduledLearningRate(step));
    }
}
