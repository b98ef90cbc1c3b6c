using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

/// <summary>For Data/golden/example-*.json; the README there says what such a file holds and how to make one.</summary>
public sealed class ExampleMapping : IGoldenMapping
{
    public string Optimizer => "example";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<ExampleOptions>(learningRate) with { Momentum = values.Number("momentum") };
}
