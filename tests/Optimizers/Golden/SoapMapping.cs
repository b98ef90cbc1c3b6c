using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class SoapMapping : IGoldenMapping
{
    public string Optimizer => "soap";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<SoapOptions>(learningRate) with
        {
            ShampooBeta = values.Number("shampoo_beta", -1) is var beta && beta >= 0 ? beta : null,
            PreconditionFrequency = values.Whole("precondition_frequency", 10),
            MaxPreconditionerDimension = values.Whole("max_precond_dim", 10000),
            MergeDimensions = values.Truth("merge_dims", false),
            PreconditionVectors = values.Truth("precondition_1d", false),
            UpdateRms = values.Truth("normalize_grads", false) ? 1 : null,
            BiasCorrection = values.Truth("correct_bias", true),
        };
}
