using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Dion2"/>.</summary>
[Rule("dion2", "Muon on a fraction of rows or columns at a step, with error feedback, on hidden matrices")]
public sealed record Dion2Options : MatrixRuleOptions
{
    /// <summary>The learning rate of the authors' 160M configuration, 0.02; decay 0.1 as for the other rules (they have
    /// 0.01).</summary>
    public Dion2Options() => (LearningRate, WeightDecay) = (0.02, 0.1);

    /// <summary>Momentum μ: what error feedback keeps of the lines that were stepped along.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>How much of a matrix's smaller side is chosen at a step, rounded up.</summary>
    public double Fraction { get; init; } = 0.25;

    /// <summary>What multiplies the orthogonalised lines of an m × n matrix: the authors' code.</summary>
    public MuonScale Scale { get; init; } = MuonScale.Spectral;

    /// <summary>The iteration: Polar Express, as in the authors' code.</summary>
    public OrthogonalisationOptions Orthogonalisation { get; init; }
        = new() { Coefficients = CoefficientSet.PolarExpress, Epsilon = 1e-8 };

    /// <inheritdoc/>
    /// <remarks>As Muon's.</remarks>
    protected override double OwnCompanionRatio => 0.15;

    public override Bundling Bundling => Bundling.SameShape;

    public override bool IsFasterBundled(Tensor parameter) => Orthogonalisation.IsFasterStacked(parameter);

    public override UpdateRule Create(RuleContext context) => new Dion2(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
            [.. base.Validate(), .. CheckBeta(nameof(Momentum), Momentum)];
        foreach (var problem in problems) yield return problem;
        if (Fraction is <= 0 or > 1) yield return (nameof(Fraction), "must be greater than 0 and at most 1");
    }
}

/// <summary>
/// Dion2 (Ahn et al., arXiv 2512.16928), on each m × n matrix; k of its rows when m ≤ n, else of its columns:
/// <code>
/// M ← M + g                S = the k lines of M with the largest ‖·‖₁          M[S] ← μM[S]
/// W ← (1−lr·w)W            W[S] ← W[S] − lr·s·NewtonSchulz(M[S] as it was)
/// </code>
/// Fused projections are treated apart, further dimensions are flattened into the columns, a vector is a matrix of one
/// row. State: one number per parameter.</summary>
internal sealed class Dion2 : UpdateRule
{
    private readonly Dion2Options _options;
    private readonly Tensor[] _momentum;

    public Dion2(Dion2Options options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _momentum = [.. Slots.Select(slot => State.Zeros(slot, "momentum"))];
    }

    public override double FlopsPerStep
        => Slots.SelectMany(MatrixBlocks.Shapes).Sum(shape =>
            NewtonSchulz.Flops(Chosen(Math.Min(shape.Rows, shape.Columns)), Math.Max(shape.Rows, shape.Columns),
                _options.Orthogonalisation.Steps));

    protected override bool ParametersAreIndependent => true;

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var momentum = _momentum[slot.Index].add_(gradient);
        Decay(slot, step);
        var learningRate = Options.ScheduledLearningRate(step);
        foreach (var (weight_MN, momentum_MN) in MatrixBlocks.Of(slot, slot.Weight)
                .Zip(MatrixBlocks.Of(slot, momentum)))
        {
            var (rows, columns) = (weight_MN.size(-2), weight_MN.size(-1));
            // Lines are chosen along one dimension and measured along the other.
            var (along, across) = rows <= columns ? (-2, -1) : (-1, -2);
            var count = Chosen(Math.Min(rows, columns));
            var (_, largest) = momentum_MN.abs().sum(dim: across).topk((int)count);
            var lines = largest.unsqueeze(across);
            var chosen = momentum_MN.take_along_dim(lines, along);
            lines = lines.expand_as(chosen);
            momentum_MN.scatter_(along, lines, chosen.mul(_options.Momentum));
            var orthogonal = NewtonSchulz.Orthogonalise(chosen, _options.Orthogonalisation);
            var factor = _options.OrthogonalFactor(rows, columns, count, _options.Scale.Factor(rows, columns));
            weight_MN.scatter_add_(along, lines, orthogonal.mul_(-learningRate * factor));
        }
    }

    private long Chosen(long size) => (long)Math.Ceiling(_options.Fraction * size);
}
