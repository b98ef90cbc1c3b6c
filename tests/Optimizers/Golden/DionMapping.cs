using PretrainBench.Optimizers.Matrices;
using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class DionMapping : IGoldenMapping
{
    public string Optimizer => "dion";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => values.Common<DionOptions>(learningRate) with
        {
            Momentum = values.Number("mu"),
            RankFraction = values.Number("rank_fraction"),
            PowerIterations = values.Whole("power_iters", 1),
        };
}

public sealed class Dion2Mapping : IGoldenMapping
{
    public string Optimizer => "dion2";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
    {
        values.Choice("scale", "spectral", ("spectral", 0));
        var options = values.Common<Dion2Options>(learningRate);
        return options with
        {
            Momentum = values.Number("mu"),
            Fraction = values.Number("fraction"),
            Orthogonalisation = options.Orthogonalisation with
            {
                Epsilon = values.Number("ns_eps"),
                IterationType = IterationType.Parameter,
            },
        };
    }
}
