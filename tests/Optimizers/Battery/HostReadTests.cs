using PretrainBench.Core.Configuration;
using PretrainBench.Torch;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>On an accelerator every number that is read waits for all work before it: no rule reads one in a step. The
/// count is the process's, so that nothing else runs meanwhile.</summary>
[Collection(nameof(LeakTests))]
public class HostReadTests
{
    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Steps_read_no_number_from_the_device(string rule)
    {
        using var trial = Trial.OfModel(rule);
        var before = HostReads.Count;
        trial.Run(0, 33);
        Assert.Equal(before, HostReads.Count);
        _ = trial.Optimizer.Counters;
    }

    [Theory]
    [InlineData("{name: adan, max_gradient_norm: 0.1}")]
    [InlineData("{name: prodigy, bias_correction: true, growth_rate: 1.5}")]
    [InlineData("{name: adafactor, relative_step: true, beta1: 0.9}")]
    [InlineData("{name: muon, weight_decay_kind: cautious}")]
    [InlineData("{name: shampoo, preconditioner: eigenvalue_corrected, precondition_frequency: 2}")]
    public void Nor_with_settings_that_need_a_norm_or_a_decomposition(string settings)
    {
        using var trial = Trial.OfModel(ConfigBinder.Bind<OptimizerConfig>(ConfigFile.Parse(settings, "test"), "test"));
        var before = HostReads.Count;
        trial.Run(0, 12);
        Assert.Equal(before, HostReads.Count);
    }
}
