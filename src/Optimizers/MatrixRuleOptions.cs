using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>The settings of a rule on hidden matrices, AdamW beside it.</summary>
public abstract record MatrixRuleOptions : RuleOptions
{
    // Keeps the factor finite for an update of zeros.
    private const double Tiny = 1e-30;

    /// <summary>The root mean square of every matrix's update at a learning rate of 1, in place of the rule's own
    /// scale, so that one ladder of learning rates serves all rules: AdamW's updates have 0.2 to 0.4 (Moonlight, arXiv
    /// 2502.16982, whose 0.2·√max(m, n) makes it 0.2 for an orthogonal m × n matrix); null for the rule's
    /// own.</summary>
    public double? UpdateRms { get; init; }

    /// <inheritdoc/>
    /// <remarks>The same rate when updates are as large as AdamW's.</remarks>
    public sealed override double CompanionLearningRateRatio => UpdateRms is null ? OwnCompanionRatio : 1;

    /// <summary>AdamW's learning rate beside the rule's own scale, as a multiple of this rule's.</summary>
    protected virtual double OwnCompanionRatio => 1;

    public override bool Serves(ParameterRole role) => role == ParameterRole.HiddenMatrix;

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckPositive(nameof(UpdateRms), UpdateRms ?? 1)];

    /// <summary>What multiplies an m × n update of some orthonormal rows or columns.</summary>
    /// <param name="orthonormal">How many: the squared Frobenius norm.</param>
    /// <param name="own">The rule's own factor.</param>
    internal double OrthogonalFactor(long rows, long columns, long orthonormal, double own)
        => UpdateRms is { } rms ? rms * Math.Sqrt(rows * columns / (double)orthonormal) : own;

    /// <summary>An update of any length, as long as the settings say.</summary>
    /// <param name="update">The rule's own: one matrix, or a stack.</param>
    /// <param name="dimensions">Of one matrix, counted from the last.</param>
    internal Tensor Matched(Tensor update, params long[] dimensions)
        => UpdateRms is { } rms
            ? update.mul(
                update.square().mean(dimensions, keepdim: true).sqrt_().add_(Tiny).reciprocal_().mul_(rms))
            : update;
}
