using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class SgdMapping : IGoldenMapping
{
    public string Optimizer => "sgd";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape) => new SgdOptions
    {
        LearningRate = learningRate,
        WeightDecay = values.Number("weight_decay", 0),
        WeightDecayKind = values.Choice("weight_decay_type", "coupled", ("coupled", WeightDecayKind.Gradient), ("decoupled", WeightDecayKind.Coupled)),
        Momentum = values.Number("momentum"),
        Dampening = values.Number("dampening", 0),
        Nesterov = values.Truth("nesterov", false),
    };
}

public sealed class SignumMapping : IGoldenMapping
{
    public string Optimizer => "signum";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape) => new SignumOptions
    {
        LearningRate = learningRate,
        WeightDecay = values.Number("weight_decay", 0),
        Momentum = values.Number("momentum"),
        Dampening = values.Number("dampening", 0),
        Nesterov = values.Truth("nesterov", false),
    };
}

public sealed class LionMapping : IGoldenMapping
{
    public string Optimizer => "lion";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape) => new LionOptions
    {
        LearningRate = learningRate,
        WeightDecay = values.Number("weight_decay", 0),
        Beta1 = values.Number("beta1"),
        Beta2 = values.Number("beta2"),
    };
}

public sealed class SophiaGMapping : IGoldenMapping
{
    public string Optimizer => "sophiag";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
    {
        // The replay hands `bs` over with the sampled gradients.
        values.Whole("bs", 1);
        return new SophiaGOptions
        {
            LearningRate = learningRate,
            WeightDecay = values.Number("weight_decay", 0),
            Beta1 = values.Number("beta1"),
            Beta2 = values.Number("beta2"),
            Rho = values.Number("rho"),
            CurvatureInterval = values.Whole("hessian_every", 10),
        };
    }
}
