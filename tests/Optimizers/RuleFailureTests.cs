using System.Runtime.InteropServices;
using PretrainBench.Core;
using PretrainBench.Optimizers.Rules;
using PretrainBench.Optimizers.Tests.Battery;
using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests;

public class RuleFailureTests
{
    [Fact]
    public void An_error_inside_a_rule_names_rule_parameter_shape_and_step_and_not_torchs_stack()
    {
        var error = Failure(shape => zeros(shape[0] + 1, shape[1]));

        Assert.StartsWith("the rule `kron` failed on `p0` [9, 6] at step 3: The size of tensor", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(ExitCodes.Failed, error.ExitCode);
        Assert.IsAssignableFrom<ExternalException>(error.InnerException);
    }

    [Fact]
    public void Memory_that_is_used_up_stays_what_it_is()
        => Assert.True(ProcessMemory.IsUsedUp(Assert.Throws<ExternalException>(() => Failure(_ => zeros(1L << 50)))));

    // Kron's draws are replaceable: here by what does not fit.
    private static UserException Failure(Func<long[], Tensor> probe)
    {
        using var trial = Trial.OfShapes(new KronOptions(), [9, 6], [4, 4]);
        ((Kron)trial.Optimizer.Rules[0]).Probe = (_, _, _, shape) => probe(shape);
        var error = Record.Exception(() => trial.Run(3, 4));
        return error as UserException ?? throw error!;
    }
}
