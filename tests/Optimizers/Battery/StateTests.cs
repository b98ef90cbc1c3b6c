using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>Every rule saves, restores and keeps types.</summary>
public class StateTests
{
    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Resumes_to_the_last_bit(string rule)
    {
        using var whole = Trial.OfModel(rule).Run(0, 12);
        using var resumed = Trial.OfModel(rule).ResumeFrom(whole);

        Assert.Equal(whole.Run(12, 33).Values(), resumed.Run(12, 33).Values());
    }

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void State_lists_everything_by_name(string rule)
    {
        using var trial = Trial.OfModel(rule).Run(0, 12);
        var state = trial.Optimizer.ExportState();

        Assert.Equal(trial.Optimizer.StateBytes,
            state.Tensors.Values.Sum(tensor => tensor.numel() * tensor.element_size()));
        Assert.All(Arrays(state), tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
        Assert.All(state.Scalars.Values, value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Refuses_a_state_that_lacks_something(string rule)
    {
        using var trial = Trial.OfModel(rule).Run(0, 2);
        var state = trial.Optimizer.ExportState();
        if (state.Tensors.Count + state.Scalars.Count == 0) return;
        var lacking = state.Scalars.Count > 0
            ? state with { Scalars = state.Scalars.Skip(1).ToDictionary() }
            : state with { Tensors = state.Tensors.Skip(1).ToDictionary() };

        Assert.Contains("does not fit",
            Assert.Throws<UserException>(() => trial.Optimizer.ImportState(lacking)).Message);
    }

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Keeps_the_type_of_parameters_and_works_in_32_bits(string rule)
    {
        using var coarse = Trial.OfModel(rule, ScalarType.BFloat16).Run(0, 12);

        Assert.All(coarse.Parameters, parameter => Assert.Equal(ScalarType.BFloat16, parameter.Value.dtype));
        Assert.All(Arrays(coarse.Optimizer.ExportState()),
            tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
        Assert.All(coarse.Values().SelectMany(values => values), value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Keeps_64_bits(string rule)
    {
        using var fine = Trial.OfModel(rule, ScalarType.Float64).Run(0, 12);

        Assert.All(fine.Parameters, parameter => Assert.Equal(ScalarType.Float64, parameter.Value.dtype));
        Assert.All(fine.Optimizer.ExportState().Tensors.Values,
            tensor => Assert.Equal(ScalarType.Float64, tensor.dtype));
    }

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Leaves_evaluation_to_the_last_bit(string rule)
    {
        using var plain = Trial.OfModel(rule).Run(0, 12);
        using var looked = Trial.OfModel(rule).Run(0, 5);
        looked.Optimizer.EnterEvaluation();
        looked.Optimizer.LeaveEvaluation();

        Assert.Equal(plain.Values(), looked.Run(5, 12).Values());
    }

    // Single numbers that are kept on the device have 64 bits.
    private static IEnumerable<Tensor> Arrays(OptimizerState state)
        => state.Tensors.Values.Where(tensor => tensor.dim() > 0);
}
