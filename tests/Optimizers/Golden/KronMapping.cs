using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class KronMapping : IGoldenMapping
{
    public string Optimizer => "kron";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<KronOptions>(learningRate) with
        {
            PreconditionerLearningRate = values.Number("precond_lr"),
            InitialScale = values.Number("precond_init_scale"),
            MomentumIntoPreconditioner = values.Truth("momentum_into_precond_update", true),
            Diagonal = values.Choice("memory_save_mode", "none",
                ("none", KronDiagonal.None), ("smart_one_diag", KronDiagonal.LongerSide),
                ("all_diag", KronDiagonal.All)),
            MaxUpdateProbability = values.Number("max_prob"),
            MinUpdateProbability = values.Number("min_prob"),
            UpdateProbabilityDecay = values.Number("decay"),
            FlatSteps = values.Whole("flat_start", 500),
        };
}
