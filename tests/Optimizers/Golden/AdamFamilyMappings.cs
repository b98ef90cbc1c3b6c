using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class NAdamMapping : IGoldenMapping
{
    public string Optimizer => "nadam";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<NAdamWOptions>(learningRate) with
        {
            WeightDecayKind = WeightDecayKind.Gradient,
            MomentumDecay = values.Number("momentum_decay"),
            NextMomentumProduct = NextMomentumProduct.Torch113,
        };
}

public sealed class CautiousAdamWMapping : IGoldenMapping
{
    public string Optimizer => "cautious-adamw";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<CautiousAdamWOptions>(learningRate) with
        {
            EpsilonPlacement = values.Choice("eps_placement", "uncorrected", ("torch", EpsilonPlacement.Corrected),
                ("uncorrected", EpsilonPlacement.Uncorrected)),
        };
}

public sealed class AdEMAMixMapping : IGoldenMapping
{
    public string Optimizer => "ademamix";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<AdEMAMixOptions>(learningRate) with
        {
            Alpha = values.Number("alpha"),
            Beta3WarmupSteps = values.Find("beta3_warmup")?.GetInt64(),
            AlphaWarmupSteps = values.Find("alpha_warmup")?.GetInt64(),
        };
}

public sealed class AdoptMapping : IGoldenMapping
{
    public string Optimizer => "adopt";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<AdoptOptions>(learningRate) with
        {
            WeightDecayKind = values.Truth("decouple", true) ? WeightDecayKind.Coupled : WeightDecayKind.Gradient,
            Clip = values.Choice("clip", "none", ("none", false), ("step**0.25", true)),
        };
}

public sealed class AdanMapping : IGoldenMapping
{
    public string Optimizer => "adan";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<AdanOptions>(learningRate) with
        {
            MaxGradientNorm = values.Number("max_grad_norm", 0),
            NoProx = values.Truth("no_prox", false),
        };
}

public sealed class MarsMapping : IGoldenMapping
{
    public string Optimizer => "mars";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
    {
        Assert.True(values.Truth("is_approx", true), "only the approximate form is supported");
        var vectors = new AdamWOptions
        {
            LearningRate = values.Number("lr_1d", learningRate),
            Beta1 = values.Number("beta1_1d", 0.9),
            Beta2 = values.Number("beta2_1d", 0.95),
            Epsilon = values.Number("eps"),
            WeightDecay = values.Number("weight_decay_1d", 0.1),
        };
        var matrices = values.Common<MarsOptions>(learningRate) with
        {
            Gamma = values.Number("gamma"),
            Kind = values.Choice("mars_type", "mars-adamw", ("mars-adamw", MarsKind.AdamW),
                ("mars-lion", MarsKind.Lion), ("mars-shampoo", MarsKind.Shampoo)),
        };
        return values.Truth("optimize_1d", false) || shape.Length > 1 ? matrices : vectors;
    }
}

public sealed class ScheduleFreeMapping : IGoldenMapping
{
    public string Optimizer => "schedulefree-adamw";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<ScheduleFreeAdamWOptions>(learningRate) with
        {
            WarmupSteps = values.Whole("warmup_steps", 0),
            WeightPower = values.Number("r", 0),
            LearningRateWeightPower = values.Number("weight_lr_power", 2),
        };
}

public sealed class ProdigyMapping : IGoldenMapping
{
    public string Optimizer => "prodigy";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<ProdigyOptions>(learningRate) with
        {
            WeightDecayKind = values.Truth("decouple", true) ? WeightDecayKind.Coupled : WeightDecayKind.Gradient,
            Beta3 = values.Text("beta3") is "sqrt(beta2)" ? null : values.Find("beta3")?.GetDouble(),
            BiasCorrection = values.Truth("use_bias_correction", false),
            SafeguardWarmup = values.Truth("safeguard_warmup", false),
            InitialDistance = values.Number("d0", 1e-6),
            DistanceFactor = values.Number("d_coef", 1),
            GrowthRate = values.Text("growth_rate") is "inf" ? null : values.Find("growth_rate")?.GetDouble(),
            DecayVectors = true,
        };
}

public sealed class AdafactorMapping : IGoldenMapping
{
    public string Optimizer => "adafactor";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<AdafactorOptions>(learningRate) with
        {
            Epsilon1 = values.Number("eps1", 1e-30),
            Epsilon2 = values.Number("eps2", 1e-3),
            ClipThreshold = values.Number("clip_threshold", 1),
            DecayRate = values.Number("decay_rate", -0.8),
            Beta1 = values.Find("beta1")?.GetDouble(),
            ScaleParameter = values.Truth("scale_parameter", true),
            RelativeStep = values.Truth("relative_step", true),
        };
}
