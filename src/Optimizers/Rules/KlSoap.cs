using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="KlSoap"/>, beside KL-Shampoo's.</summary>
[Rule("kl-soap", "Adam in the eigenbasis of KL-Shampoo's statistics")]
public sealed record KlSoapOptions : KlShampooOptions
{
    /// <summary>KL-Shampoo's learning rate and decay.</summary>
    public KlSoapOptions()
    {
    }

    /// <summary>Decay of the statistics and their eigenvalues; null for <see cref="KlShampooOptions.Beta2"/>.</summary>
    public double? ShampooBeta { get; init; }

    public override UpdateRule Create(RuleContext context) => new KlSoap(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(ShampooBeta), ShampooBeta ?? 0)];
}

/// <summary>
/// KL-SOAP (Lin et al., arXiv 2509.03378): <see cref="KlShampoo"/>, whose direction is Adam's in its basis:
/// <code>
/// G' = QLᵀ G QR       m ← β₁m + (1−β₁)G'      v ← β₂v + (1−β₂)G'²       W ← W − lr·QL (m/(√v + ε)) QRᵀ
/// </code>
/// m follows the basis, v stays as it is. State: one number per parameter more than KL-Shampoo.</summary>
internal sealed class KlSoap : KlShampoo
{
    private readonly KlSoapOptions _options;
    private readonly Tensor[] _second;

    public KlSoap(KlSoapOptions options, RuleContext context)
        : base(options, context, options.ShampooBeta ?? options.Beta2)
    {
        _options = options;
        _second = [.. Slots.Select(slot => State.Zeros(slot, "second_moment"))];
    }

    protected override bool FirstIsRotated => true;

    protected override Tensor Scaled(
        ParameterSlot slot, int block, Tensor first_MN, Tensor gradient_MN, KlFactors factors)
    {
        var rotated_MN = TensorAxes.MultiplyAll(gradient_MN, factors.Bases);
        var second_MN = MatrixBlocks.Of(slot, _second[slot.Index]).ElementAt(block);
        first_MN.mul_(_options.Beta1).add_(rotated_MN, 1 - _options.Beta1);
        second_MN.mul_(_options.Beta2).addcmul_(rotated_MN, rotated_MN, 1 - _options.Beta2);
        return first_MN.div(second_MN.sqrt().add_(_options.Epsilon));
    }
}
