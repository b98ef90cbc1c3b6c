using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class DionMapping : IGoldenMapping
{
    public string Optimizer => "dion";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<DionOptions>(learningRate) with
        {
            Momentum = values.Number("mu"),
            RankFraction = values.Number("rank_fraction"),
            PowerIterations = values.Whole("power_iters", 1),
        };
}
