using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Dion"/>.</summary>
[Rule("dion", "momentum, orthonormalised at low rank by a power iteration with error feedback, on hidden matrices")]
public sealed record DionOptions : MatrixRuleOptions
{
    /// <summary>The learning rate of the authors' 160M configuration, 0.02; decay 0.1 as for the other rules (they have
    /// 0.01).</summary>
    public DionOptions() => (LearningRate, WeightDecay) = (0.02, 0.1);

    /// <summary>Momentum μ: what error feedback keeps of the part that was stepped along; the authors' code.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>The rank as a fraction of a matrix's smaller side, rounded up; the authors' 160M configuration has a
    /// half.</summary>
    public double RankFraction { get; init; } = 0.5;

    /// <summary>Power iterations of a step: the paper.</summary>
    public int PowerIterations { get; init; } = 1;

    /// <summary>Keeps norms of columns from zero: the authors' code.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    /// <remarks>As Muon's: 3e-3 for AdamW beside 0.02.</remarks>
    protected override double OwnCompanionRatio => 0.15;

    public override Bundling Bundling => Bundling.SameShape;

    public override UpdateRule Create(RuleContext context) => new Dion(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
            [.. base.Validate(), .. CheckBeta(nameof(Momentum), Momentum),
                .. CheckPositive(nameof(PowerIterations), PowerIterations), .. CheckPositive(nameof(Epsilon), Epsilon)];
        foreach (var problem in problems) yield return problem;
        if (RankFraction is <= 0 or > 1) yield return (nameof(RankFraction), "must be greater than 0 and at most 1");
    }
}

/// <summary>
/// Dion (Ahn et al., arXiv 2504.05295, Algorithm 1, in one process), on each m × n matrix, transposed when m &lt; n,
/// with a basis Q of r columns that starts at random:
/// <code>
/// M ← M + g               P = orthonormal columns of MQ      R = MᵀP
/// M ← M − (1−μ)PRᵀ        Q ← R, each column divided by (its norm + ε)
/// W ← (1−lr·w)W           W ← W − lr·√(m/n)·PQᵀ
/// </code>
/// Fused projections are treated apart, further dimensions are flattened into the columns, a vector is a matrix of one
/// row. State: one number per parameter, and r for each row or column of the smaller side.</summary>
internal sealed class Dion : UpdateRule
{
    private readonly DionOptions _options;
    private readonly Tensor[] _momentum;
    private readonly Tensor[][] _bases_SR;

    /// <summary>Builds the rule.</summary>
    /// <param name="context">The parameters and the seed, of which the bases are drawn.</param>
    public Dion(DionOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _momentum = [.. Slots.Select(slot => State.Zeros(slot, "momentum"))];
        _bases_SR = [
            .. Slots.Select(slot => MatrixBlocks.BlockShapes(slot)
                .Select((shape, block) => StartBasis(slot, shape, block)).ToArray())];
    }

    /// <remarks>Three products with M and the factorisation of P, then the error feedback and the update.</remarks>
    public override double FlopsPerStep
        => Slots.SelectMany(MatrixBlocks.Shapes).Sum(shape =>
        {
            double large = Math.Max(shape.Rows, shape.Columns), small = Math.Min(shape.Rows, shape.Columns);
            double rank = Rank(shape);
            return _options.PowerIterations * (4 * large * small * rank + 4 * large * rank * rank)
                + 4 * large * small * rank;
        });

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var momentum = _momentum[slot.Index].add_(gradient);
        Decay(slot, step);
        var learningRate = Options.ScheduledLearningRate(step);
        foreach (var ((weight_MN, momentum_MN), basis_SR) in MatrixBlocks.Of(slot, slot.Weight)
                .Zip(MatrixBlocks.Of(slot, momentum)).Zip(_bases_SR[slot.Index]))
        {
            var (rows, columns) = (weight_MN.size(-2), weight_MN.size(-1));
            var isWide = rows < columns;
            var scale = learningRate * _options.OrthogonalFactor(rows, columns, Rank((rows, columns)),
                Math.Sqrt(rows / (double)columns));
            Step(isWide ? weight_MN.mT : weight_MN, isWide ? momentum_MN.mT : momentum_MN, basis_SR, scale);
        }
    }

    // Moves the larger-side-first views of weights and momentum, and the basis, in place.
    private void Step(Tensor weight_LS, Tensor momentum_LS, Tensor basis_SR, double rate)
    {
        using var scope = NewDisposeScope();
        var (left_LR, right_SR) = (momentum_LS, basis_SR);
        for (var iteration = 0; iteration < _options.PowerIterations; iteration++)
        {
            (left_LR, _) = linalg.qr(momentum_LS.matmul(right_SR));
            right_SR = momentum_LS.mT.matmul(left_LR);
        }
        momentum_LS.sub_(left_LR.matmul(right_SR.mT).mul_(1 - _options.Momentum));
        var next_SR = right_SR.div(linalg.vector_norm(right_SR, 2, [-2], keepdim: true).add_(_options.Epsilon));
        weight_LS.sub_(left_LR.matmul(next_SR.mT).mul_(rate));
        // A momentum of zeros has no directions: nothing moved, and the basis stays.
        var hasDirections = next_SR.ne(0).flatten(-2).any(-1).unsqueeze(-1).unsqueeze(-1);
        basis_SR.copy_(where(hasDirections, next_SR, basis_SR));
    }

    private Tensor StartBasis(ParameterSlot slot, (long Rows, long Columns) shape, int block)
    {
        using var scope = NewDisposeScope();
        var basis_SR = State.Zeros(slot, $"basis_{block}", [Math.Min(shape.Rows, shape.Columns), Rank(shape)]);
        foreach (var (member, part_SR) in slot.Parts(basis_SR))
        {
            using var generator = new Generator(SeedSequence.Derive(Seed, $"dion:{member.Name}", block), CPU);
            part_SR.copy_(empty_like(part_SR, ScalarType.Float32, CPU).normal_(0, 1, generator));
        }
        return basis_SR;
    }

    private long Rank((long Rows, long Columns) shape)
        => (long)Math.Ceiling(_options.RankFraction * Math.Min(shape.Rows, shape.Columns));
}
