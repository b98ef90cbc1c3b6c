using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class SoapMapping : IGoldenMapping
{
    public string Optimizer => "soap";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape) => new SoapOptions
    {
        LearningRate = learningRate,
        WeightDecay = values.Number("weight_decay", 0),
        Beta1 = values.Number("beta1"),
        Beta2 = values.Number("beta2"),
        ShampooBeta = values.Number("shampoo_beta", -1) is var beta && beta >= 0 ? beta : null,
        Epsilon = values.Number("eps"),
        PreconditionFrequency = values.Whole("precondition_frequency", 10),
        MaxPreconditionerDimension = values.Whole("max_precond_dim", 10000),
        MergeDimensions = values.Truth("merge_dims", false),
        PreconditionVectors = values.Truth("precondition_1d", false),
        NormalizeUpdates = values.Truth("normalize_grads", false),
        BiasCorrection = values.Truth("correct_bias", true),
    };
}
