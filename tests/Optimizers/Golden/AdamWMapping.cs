using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class AdamWMapping : IGoldenMapping
{
    public string Optimizer => "adamw";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape) => Adam(values, learningRate);

    /// <summary>AdamW's own files, and the Adam parts of others.</summary>
    internal static AdamWOptions Adam(Hyperparameters values, double learningRate) => new()
    {
        LearningRate = values.Number("lr", learningRate),
        Beta1 = values.Number("beta1"),
        Beta2 = values.Number("beta2"),
        Epsilon = values.Number("eps"),
        WeightDecay = values.Number("weight_decay", 0),
        WeightDecayKind = values.DecoupledKind(),
        Amsgrad = values.Truth("amsgrad", false),
        EpsilonPlacement = values.Choice("eps_placement", "torch", ("torch", EpsilonPlacement.Corrected),
            ("uncorrected", EpsilonPlacement.Uncorrected)),
    };
}
