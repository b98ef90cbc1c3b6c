using System.Text.Json;
using PretrainBench.Optimizers.Matrices;
using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class MuonMapping : IGoldenMapping
{
    public string Optimizer => "muon";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
    {
        var options = Momentum<MuonOptions>(values, learningRate);
        values.Choice("variant", "keller", ("keller", 0), ("torch", 0), ("moonlight", 0), ("dion", 0));
        var adam = values.Nested("aux_adam");
        var applies = adam?.Choice("applies_to", "1-D", ("1-D", shape.Length < 2)) ?? false;
        return applies ? AdamWMapping.Adam(adam!, learningRate) : options;
    }

    /// <summary>What Muon and the rules that derive from it have in common.</summary>
    internal static TOptions Momentum<TOptions>(Hyperparameters values, double learningRate)
        where TOptions : MuonOptions, new()
        => (TOptions)(values.Common<TOptions>(learningRate) with
        {
            WeightDecayKind = values.DecoupledKind(),
            Momentum = values.Number("momentum"),
            Nesterov = values.Truth("nesterov", true),
            MomentumForm = values.Choice("momentum_form", "ema", ("ema", MomentumForm.Ema),
                ("heavy-ball", MomentumForm.HeavyBall)),
            Scale = values.Choice("scale", "keller", ("keller", MuonScale.Keller), ("spectral", MuonScale.Spectral),
                ("rms-match", MuonScale.Keller)),
            UpdateRms = values.Choice<double?>("scale", "keller", ("keller", null), ("spectral", null),
                ("rms-match", 0.2)),
            Orthogonalisation = NewtonSchulzOptions(values),
        });

    /// <summary>The Newton–Schulz settings, which Scion's files share.</summary>
    internal static OrthogonalisationOptions NewtonSchulzOptions(Hyperparameters values) => new()
    {
        Steps = values.Whole("ns_steps", 5),
        CustomCoefficients = values.Find("ns_coefficients") is { } list ? Triples(list) : [],
        Epsilon = values.Number("ns_eps", 1e-7),
        NormGuard = values.Choice("norm_guard", "add", ("add", NormGuard.Add), ("max", NormGuard.Maximum)),
        IterationType = values.Choice("newton_schulz_dtype", "param", ("param", IterationType.Parameter),
            ("bfloat16", IterationType.Bf16)),
    };

    private static double[] Triples(JsonElement list)
        => [.. list.EnumerateArray()
            .SelectMany(item => item.ValueKind == JsonValueKind.Array ? [.. item.EnumerateArray()] : new[] { item },
                (_, x) => x.GetDouble())];
}

public sealed class NorMuonMapping : IGoldenMapping
{
    public string Optimizer => "normuon";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => MuonMapping.Momentum<NorMuonOptions>(values, learningRate);
}

public sealed class SoapMuonMapping : IGoldenMapping
{
    public string Optimizer => "soap-muon";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
        => MuonMapping.Momentum<SoapMuonOptions>(values, learningRate) with
        {
            PreconditionFrequency = values.Whole("precondition_frequency", 1),
        };
}
