using PretrainBench.Optimizers.Matrices;
using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class ScionMapping : IGoldenMapping
{
    public string Optimizer => "scion";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
    {
        var details = values.Nested("norm_kwargs");
        var options = new ScionOptions
        {
            LearningRate = learningRate,
            WeightDecay = values.Number("weight_decay", 0),
            GradientWeight = values.Number("momentum"),
            Unconstrained = values.Truth("unconstrained", false),
            Norm = values.Choice("norm", "Auto", ("Spectral", ScionNorm.Spectral), ("Sign", ScionNorm.Sign),
                ("ColNorm", ScionNorm.ColNorm),
                ("RowNorm", ScionNorm.RowNorm), ("BiasRMS", ScionNorm.BiasRms), ("Auto", ScionNorm.Auto)),
            Radius = values.Number("scale", 1),
            Epsilon = values.Number("norm_eps", 1e-8),
            AtLeastOne = details?.Truth("max", false) ?? false,
            Transpose = details?.Truth("transpose", false) ?? false,
            Normalized = details?.Find("normalized")?.GetBoolean(),
            Orthogonalisation = MuonMapping.NewtonSchulzOptions(values) with
            {
                Steps = details?.Whole("steps", values.Whole("ns_steps", 5)) ?? values.Whole("ns_steps", 5),
            },
        };
        Assert.Empty(details?.Unused ?? []);
        return options;
    }
}
