using PretrainBench.Optimizers;
using PretrainBench.Training.Benchmark;

namespace PretrainBench.Training.Tests.Benchmark;

public class OptimizerCostsTests
{
    [Fact]
    public void Every_rule_is_asked_and_the_known_ones_answer_as_their_equations_say()
    {
        var costs = OptimizerCosts.All().ToDictionary(cost => cost.Name);

        Assert.Equal(RuleRegistry.Names, costs.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((8.0, 0.0), (costs["adamw"].StateBytesPerParameter, costs["adamw"].FlopsShare));
        Assert.Equal(4, costs["muon"].StateBytesPerParameter);
        Assert.Equal([ParameterRole.HiddenMatrix], costs["muon"].Roles);
        // Five steps of about 6s²l operations for s × l numbers that a token uses in six, at s = 320 and 65,536 tokens.
        Assert.InRange(costs["muon"].FlopsShare, 5 * 320 / 65536.0 / 4, 5 * 320 / 65536.0);
        Assert.All(costs.Values, cost => Assert.InRange(cost.StateBytesPerParameter, 0, 40));
    }
}
