using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="KlShampoo"/>.</summary>
[Rule("kl-shampoo", "Shampoo by Kullback and Leibler's divergence, in a followed eigenbasis, without grafting")]
public record KlShampooOptions : MatrixRuleOptions
{
    /// <summary>SOAP's learning rate, since updates are as large as Adam's; decay 0.1 as for the other rules (the
    /// authors' code has 1e-4 and 0.01).</summary>
    public KlShampooOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the gradient's average.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Keeps the denominator from zero; not bias-corrected.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Every how many steps the eigenbasis is renewed.</summary>
    public int PreconditionFrequency { get; init; } = 10;

    /// <summary>What all eigenvalues start at.</summary>
    public double InitialEigenvalue { get; init; } = 0.1;

    /// <summary>The most that 1/√λ may be, where the side itself is not shorter; at least 10.</summary>
    public long LargestInverseRoot { get; init; } = 4000;

    public override Bundling Bundling => Bundling.SameShape;

    public override UpdateRule Create(RuleContext context) => new KlShampoo(this, context, Beta2);

    public override IEnumerable<(string Property, string Problem)> Validate()
        =>
        [
            .. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckPositive(nameof(Epsilon), Epsilon),
            .. CheckPositive(nameof(PreconditionFrequency), PreconditionFrequency),
            .. CheckPositive(nameof(InitialEigenvalue), InitialEigenvalue),
            .. CheckPositive(nameof(LargestInverseRoot), LargestInverseRoot),
        ];
}

/// <summary>
/// KL-Shampoo (Lin et al., arXiv 2509.03378), as in its authors' code, on each m × n matrix, with
/// <see cref="KlFactors"/>. On the first gradient only these begin; the parameter stays. Then, s counted from 1:
/// <code>
/// M ← β₁M + (1−β₁)G       W ← W − lr·QL [(QLᵀ M QR)/(√(λL λRᵀ) + ε)] QRᵀ        W ← (1−lr·w)W
/// L ← β₂L + (1−β₂)·G R⁻¹Gᵀ/n      λL ← β₂λL + (1−β₂)·mean over R's side of (QLᵀ G QR)²/λR      (R alike)
/// every f steps: QL ← qr(L·QL)
/// </code>
/// State: 1 + 2(m² + n²)/(mn) numbers per parameter.</summary>
internal class KlShampoo : UpdateRule
{
    private readonly KlShampooOptions _options;
    private readonly Tensor[] _first;
    private readonly StateScalar[] _count;
    private readonly KlFactors[][] _factors;
    private readonly DecompositionFailures _failures;

    /// <param name="factorBeta">Decay of the factors.</param>
    public KlShampoo(KlShampooOptions options, RuleContext context, double factorBeta)
        : base(options, context)
    {
        _options = options;
        _first = [.. Slots.Select(slot => State.Zeros(slot, "first_moment"))];
        _count = [.. Slots.Select(slot => State.Scalar(slot, "gradients"))];
        _factors = [.. Slots.Select(slot => MatrixBlocks.BlockShapes(slot)
            .Select((shape, block) => new KlFactors(State, slot, block, shape, options, factorBeta)).ToArray())];
        _failures = new DecompositionFailures(State, Device);
    }

    public override IReadOnlyDictionary<string, long> Counters => _failures.Counters;

    /// <remarks>Rotating there and back, three products for the factors and two for the statistics; products, QR (8/3
    /// d³) and moving what is in the basis when due.</remarks>
    public override double FlopsPerStep => Slots.SelectMany(MatrixBlocks.Shapes)
        .Sum(shape =>
        {
            double m = shape.Rows, n = shape.Columns;
            var (plane, cubes) = (m * n * (m + n), m * m * m + n * n * n);
            var due = (2 + 8.0 / 3) * cubes + (FirstIsRotated ? 2 * cubes + 2 * plane : 0);
            return 8 * plane + 2 * m * n * n + due / _options.PreconditionFrequency;
        });

    protected override bool ParametersAreIndependent => true;

    /// <summary>Whether the first moment is kept in the basis.</summary>
    protected virtual bool FirstIsRotated => false;

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var seen = _count[slot.Index].Value++;
        foreach (var (block, (weight_MN, (gradient_MN, first_MN))) in MatrixBlocks.Of(slot, slot.Weight)
                .Zip(MatrixBlocks.Of(slot, gradient).Zip(MatrixBlocks.Of(slot, _first[slot.Index]))).Index())
        {
            var factors = _factors[slot.Index][block];
            if (seen == 0)
            {
                factors.Begin(gradient_MN, _failures);
                continue;
            }
            var direction_MN = TensorAxes.MultiplyAll(Scaled(slot, block, first_MN, gradient_MN, factors),
                factors.Bases, transposed: true);
            weight_MN.add_(_options.Matched(direction_MN, -2, -1), -Options.ScheduledLearningRate(step));
            factors.Observe(gradient_MN);
            if (seen % _options.PreconditionFrequency == 0)
                factors.Follow(FirstIsRotated ? first_MN : null, _failures);
        }
        if (seen > 0) Decay(slot, step);
    }

    /// <summary>Takes the gradient in and gives the direction in the basis.</summary>
    protected virtual Tensor Scaled(
        ParameterSlot slot, int block, Tensor first_MN, Tensor gradient_MN, KlFactors factors)
    {
        first_MN.mul_(_options.Beta1).add_(gradient_MN, 1 - _options.Beta1);
        return TensorAxes.MultiplyAll(first_MN, factors.Bases).mul_(factors.Scale_MN());
    }
}
