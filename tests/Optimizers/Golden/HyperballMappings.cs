using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class AdamHMapping : IGoldenMapping
{
    public string Optimizer => "adamh";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<AdamHOptions>(learningRate);
}

public sealed class MuonHMapping : IGoldenMapping
{
    public string Optimizer => "muonh";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<MuonHOptions>(learningRate) with
        {
            Momentum = values.Number("momentum"),
            Nesterov = values.Truth("nesterov", true),
            Orthogonalisation = MuonMapping.NewtonSchulzOptions(values),
        };
}
