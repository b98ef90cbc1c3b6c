using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class SgdMapping : IGoldenMapping
{
    public string Optimizer => "sgd";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<SgdOptions>(learningRate) with
        {
            WeightDecayKind = values.Choice("weight_decay_type", "coupled", ("coupled", WeightDecayKind.Gradient),
                ("decoupled", WeightDecayKind.Coupled)),
            Momentum = values.Number("momentum"),
            Dampening = values.Number("dampening", 0),
            Nesterov = values.Truth("nesterov", false),
        };
}

public sealed class SignumMapping : IGoldenMapping
{
    public string Optimizer => "signum";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<SignumOptions>(learningRate) with
        {
            Momentum = values.Number("momentum"),
            Dampening = values.Number("dampening", 0),
            Nesterov = values.Truth("nesterov", false),
        };
}

public sealed class LionMapping : IGoldenMapping
{
    public string Optimizer => "lion";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<LionOptions>(learningRate) with { WeightDecayKind = values.DecoupledKind() };
}

public sealed class SophiaGMapping : IGoldenMapping
{
    public string Optimizer => "sophiag";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
    {
        // The replay hands `bs` over with the sampled gradients.
        values.Whole("bs", 1);
        return values.Common<SophiaGOptions>(learningRate) with
        {
            Rho = values.Number("rho"),
            CurvatureInterval = values.Whole("hessian_every", 10),
        };
    }
}
