using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class AdamMiniMapping : IGoldenMapping
{
    public string Optimizer => "adam-mini";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape) => new AdamMiniOptions
    {
        LearningRate = learningRate,
        WeightDecay = values.Number("weight_decay", 0),
        Beta1 = values.Number("beta1"),
        Beta2 = values.Number("beta2"),
        Epsilon = values.Number("eps"),
    };
}
