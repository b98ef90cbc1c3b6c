using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="NorMuon"/>, beside Muon's.</summary>
[Rule("normuon", "Muon with each row divided by its root mean square over steps, on hidden matrices")]
public sealed record NorMuonOptions : MuonOptions
{
    /// <summary>The authors' learning rate of 0.02, which is Muon's, and Muon's decay.</summary>
    public NorMuonOptions()
    {
    }

    /// <summary>Decay of the rows' mean squares: the authors' code.</summary>
    public double Beta2 { get; init; } = 0.95;

    public override UpdateRule Create(RuleContext context) => new NorMuon(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Beta2), Beta2)];
}

/// <summary>NorMuon (Li et al., arXiv 2510.05491): <see cref="Muon"/>, whose step O = NewtonSchulz(u) becomes, with v
/// for each row,
/// <code>
/// v ← β₂v + (1−β₂)·mean of the row of O²      O' = O/(√v + ε)      W ← (1−lr·w)W − lr·s·O'·‖O‖/(‖O'‖ + ε)
/// </code>
/// State: Muon's, and one number per row.</summary>
internal sealed class NorMuon : Muon
{
    private const double Tiny = 1e-10;

    private readonly NorMuonOptions _options;
    private readonly Tensor[] _second_M1;

    public NorMuon(NorMuonOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _second_M1 = [.. Slots.Select(slot =>
            State.Zeros(slot, "row_second_moment", [slot.Shape.Length < 2 ? 1 : slot.Shape[0], 1]))];
    }

    protected override void Move(
        ParameterSlot slot, int block, Tensor weight_MN, Tensor orthogonal_MN, double learningRate)
    {
        var rows = weight_MN.size(-2);
        var second_M1 = _second_M1[slot.Index].narrow(-2, block * rows, rows);
        second_M1.mul_(_options.Beta2).add_(orthogonal_MN.square().mean([-1], keepdim: true), 1 - _options.Beta2);
        var normal_MN = orthogonal_MN.div(second_M1.sqrt().add_(Tiny));
        normal_MN.mul_(MatrixBlocks.Norms(orthogonal_MN).div_(MatrixBlocks.Norms(normal_MN).add_(Tiny)));
        base.Move(slot, block, weight_MN, normal_MN, learningRate);
    }
}
