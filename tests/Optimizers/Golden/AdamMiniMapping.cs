using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class AdamMiniMapping : IGoldenMapping
{
    public string Optimizer => "adam-mini";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<AdamMiniOptions>(learningRate);
}
