using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="MuonH"/>.</summary>
[Rule("muonh", "Muon's direction on the sphere of each hidden matrix's norm")]
public sealed record MuonHOptions : HyperballOptions
{
    /// <summary>Marin's learning rate, the angle of a step; the norm is fixed, so that nothing decays.</summary>
    public MuonHOptions()
    {
    }

    /// <summary>Momentum μ.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>Whether the gradient is looked at once more beyond the momentum.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>The Newton–Schulz iteration.</summary>
    public OrthogonalisationOptions Orthogonalisation { get; init; } = new();

    public override bool IsFasterBundled(Tensor parameter) => Orthogonalisation.IsFasterStacked(parameter);

    public override UpdateRule Create(RuleContext context) => new MuonH(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Momentum), Momentum)];
}

/// <summary>MuonH (Wen et al., arXiv 2606.16899): the direction of <see cref="Muon"/>, taken as a step of
/// <see cref="Hyperball"/> by each matrix. State: one number per parameter.</summary>
internal sealed class MuonH(MuonHOptions options, RuleContext context)
    : Muon(options, new MuonOptions
    {
        Momentum = options.Momentum,
        Nesterov = options.Nesterov,
        Orthogonalisation = options.Orthogonalisation,
    }, context)
{
    protected override void Move(
        ParameterSlot slot, int block, Tensor weight_MN, Tensor orthogonal_MN, double learningRate)
        => Hyperball.Step(weight_MN, orthogonal_MN, learningRate);
}
