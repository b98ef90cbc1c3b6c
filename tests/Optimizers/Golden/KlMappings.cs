using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class KlShampooMapping : IGoldenMapping
{
    public string Optimizer => "kl-shampoo";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<KlShampooOptions>(learningRate) with
        {
            PreconditionFrequency = values.Whole("precondition_frequency", 10),
        };
}

public sealed class KlSoapMapping : IGoldenMapping
{
    public string Optimizer => "kl-soap";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<KlSoapOptions>(learningRate) with
        {
            ShampooBeta = values.Find("shampoo_beta")?.GetDouble(),
            PreconditionFrequency = values.Whole("precondition_frequency", 10),
        };
}
