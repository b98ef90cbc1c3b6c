namespace PretrainBench.Optimizers.Rules;

/// <summary>What Shampoo does with its statistics.</summary>
public enum ShampooPreconditioner
{
    /// <summary>Multiplies by the inverse roots of L and R.</summary>
    RootInverse,

    /// <summary>Rotates into the eigenbases and divides by the root of the squared rotated gradient's average (Meta's
    /// form of SOAP).</summary>
    EigenvalueCorrected,
}

/// <summary>How Shampoo takes inverse roots.</summary>
public enum InverseRootMethod
{
    /// <summary>By an eigendecomposition.</summary>
    Eigen,

    /// <summary>By the coupled inverse Newton iteration; exponents must be 1/whole number.</summary>
    CoupledNewton,
}

/// <summary>Settings of <see cref="Shampoo"/>.</summary>
[Rule("shampoo", "Kronecker-factored preconditioning by inverse roots, grafted onto Adam")]
public sealed record ShampooOptions : MatrixRuleOptions
{
    /// <summary>AdamW's learning rate, since updates are grafted onto Adam's length; decay, moments, frequency, ε and
    /// block size as in the language-model configurations of DASH (arXiv 2602.02016).</summary>
    public ShampooOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the gradient's average; 0 for none. DASH.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the statistics: DASH; 1 sums them up, as the original paper.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Decay with which the present gradient is mixed in front of the preconditioner; null for
    /// <see cref="Beta1"/>.</summary>
    public double? Beta3 { get; init; }

    /// <summary>Added to the statistics' diagonal before the root: DASH.</summary>
    public double Epsilon { get; init; } = 1e-10;

    /// <summary>Dimensions are merged up to this size and split into blocks of at most it: DASH.</summary>
    public long MaxPreconditionerDimension { get; init; } = 1024;

    /// <summary>Merge neighbouring dimensions first: Meta.</summary>
    public bool MergeDimensions { get; init; } = true;

    /// <summary>Merging stops at this many dimensions: Meta.</summary>
    public int TargetDimensions { get; init; } = 1;

    /// <summary>Every how many steps roots are taken: DASH.</summary>
    public int PreconditionFrequency { get; init; } = 10;

    /// <summary>The first step, from 1, that is preconditioned; null for <see cref="PreconditionFrequency"/>.</summary>
    public int? StartStep { get; init; }

    /// <summary>Correct the averages' start at zero: Meta.</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>What is done with the statistics.</summary>
    public ShampooPreconditioner Preconditioner { get; init; } = ShampooPreconditioner.RootInverse;

    /// <summary>How inverse roots are taken.</summary>
    public InverseRootMethod RootMethod { get; init; } = InverseRootMethod.Eigen;

    /// <summary>The most steps of <see cref="InverseRootMethod.CoupledNewton"/>: Meta.</summary>
    public int NewtonIterations { get; init; } = 100;

    /// <summary>When the Newton iteration has converged: Meta.</summary>
    public double NewtonTolerance { get; init; } = 1e-6;

    /// <summary>The exponent per number of dimensions, in place of 1/(2·dimensions) (of 1/2 for
    /// <see cref="ShampooPreconditioner.EigenvalueCorrected"/>): <c>{2: 0.5}</c> takes square roots on both sides of a
    /// matrix.</summary>
    public IReadOnlyDictionary<string, double> InverseExponents { get; init; } = new Dictionary<string, double>();

    /// <summary>Divide the statistics by the root of their trace before the root (Eschenhagen et al., arXiv
    /// 2506.03595).</summary>
    public bool TraceScaling { get; init; }

    /// <summary>Whose length the update takes: DASH.</summary>
    public GraftingOptions Grafting { get; init; } = new();

    /// <summary>Classic momentum on the preconditioned update; 0 for none.</summary>
    public double Momentum { get; init; }

    /// <summary>The classic momentum's dampening.</summary>
    public double Dampening { get; init; }

    /// <summary>Nesterov's form of the classic momentum.</summary>
    public bool Nesterov { get; init; }

    internal int ResolvedStartStep => StartStep ?? PreconditionFrequency;

    internal double ResolvedBeta3 => Beta3 ?? Beta1;

    /// <summary>The weight of a new squared gradient in an average with decay β, 1 for a sum.</summary>
    internal static double NewWeight(double beta) => beta == 1 ? 1 : 1 - beta;

    internal double ExponentFor(int dimensions)
        => InverseExponents.TryGetValue(dimensions.ToString(), out var exponent) ? exponent
            : Preconditioner == ShampooPreconditioner.EigenvalueCorrected ? 0.5 : 1.0 / (2 * dimensions);

    public override Bundling Bundling => Bundling.SameShape;

    public override UpdateRule Create(RuleContext context) => new Shampoo(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var problem in base.Validate()) yield return problem;
        foreach (var problem in CheckBeta(nameof(Beta1), Beta1).Concat(CheckBeta(nameof(Beta3), Beta3 ?? 0)))
            yield return problem;
        if (Beta2 is < 0 or > 1) yield return (nameof(Beta2), "must be between 0 and 1");
        if (Epsilon < 0) yield return (nameof(Epsilon), "must not be negative");
        foreach (var problem in CheckPositive(nameof(MaxPreconditionerDimension), MaxPreconditionerDimension)
            .Concat(CheckPositive(nameof(PreconditionFrequency), PreconditionFrequency))
            .Concat(CheckPositive(nameof(StartStep), StartStep ?? 1)))
            yield return problem;
        if (UpdateRms is not null && Momentum != 0)
            yield return (nameof(UpdateRms), "cannot be kept by a classic momentum; set momentum: 0");
        if (StartStep < PreconditionFrequency)
            yield return (nameof(StartStep), "must be at least precondition_frequency");
        if (InverseExponents.Values.Any(exponent => exponent <= 0))
            yield return (nameof(InverseExponents), "must be greater than 0");
        if (RootMethod == InverseRootMethod.CoupledNewton
                && InverseExponents.Values.Any(exponent => Math.Abs(1 / exponent - Math.Round(1 / exponent)) > 1e-9))
            yield return (nameof(InverseExponents),
                "must be 1/whole number for coupled_newton; use root_method: eigen");
    }
}
