namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Soap"/>.</summary>
[Rule("soap", "Adam in the eigenbasis of Shampoo's statistics")]
public sealed record SoapOptions : MatrixRuleOptions
{
    /// <summary>The paper's learning rate of 3e-3; decay 0.1 as for the other rules (the reference code has
    /// 0.01).</summary>
    public SoapOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the first moment: the paper; at high rates 0.9 and below diverged for Wen et al. (arXiv
    /// 2509.02046).</summary>
    public double Beta1 { get; init; } = 0.95;

    /// <summary>Decay of the second moment: the paper.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Decay of the statistics; null for <see cref="Beta2"/>, as the paper.</summary>
    public double? ShampooBeta { get; init; }

    /// <summary>Keeps the denominator from zero, not bias-corrected: the reference code.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Every how many steps the eigenbasis is renewed: the paper.</summary>
    public int PreconditionFrequency { get; init; } = 10;

    /// <summary>Longer sides are not rotated: the reference code.</summary>
    public long MaxPreconditionerDimension { get; init; } = 10000;

    /// <summary>Merge neighbouring dimensions up to <see cref="MaxPreconditionerDimension"/> first; the reference code
    /// does not.</summary>
    public bool MergeDimensions { get; init; }

    /// <summary>Rotate vectors too, instead of plain Adam; the reference code does not.</summary>
    public bool PreconditionVectors { get; init; }

    /// <summary>Correct the moments' start at zero: the reference code.</summary>
    public bool BiasCorrection { get; init; } = true;

    public override Bundling Bundling => Bundling.SameShape;

    public override UpdateRule Create(RuleContext context) => new Soap(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        =>
        [
            .. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckBeta(nameof(ShampooBeta), ShampooBeta ?? 0), .. CheckPositive(nameof(Epsilon), Epsilon),
            .. CheckPositive(nameof(PreconditionFrequency), PreconditionFrequency),
            .. CheckPositive(nameof(MaxPreconditionerDimension), MaxPreconditionerDimension),
        ];
}
