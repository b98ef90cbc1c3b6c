namespace PretrainBench.Optimizers.Rules;

/// <summary>Which sides of a matrix have a diagonal factor instead of a triangular one.</summary>
public enum KronDiagonal
{
    /// <summary>None but sides of one row or column, and those above
    /// <see cref="KronOptions.MaxTriangularSize"/>.</summary>
    None,

    /// <summary>The longer side, where one is longer (the authors' smart_one_diag).</summary>
    LongerSide,

    /// <summary>Both sides (the authors' all_diag).</summary>
    All,
}

/// <summary>Settings of <see cref="Kron"/>.</summary>
[Rule("kron", "PSGD: gradients whitened by learned triangular Kronecker factors, on hidden matrices")]
public sealed record KronOptions : MatrixRuleOptions
{
    /// <summary>As the authors' code advises: a third of Adam's learning rate and thrice its decay.</summary>
    public KronOptions() => (LearningRate, WeightDecay) = (1e-3, 0.3);

    /// <summary>Decay of the momentum: the authors' code, as all that follows.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The relative step of the factors, μ.</summary>
    public double PreconditionerLearningRate { get; init; } = 0.1;

    /// <summary>What the product of the factors starts at, times the identity.</summary>
    public double InitialScale { get; init; } = 1;

    /// <summary>Whether the factors learn from the momentum, which is what they whiten, rather than from the
    /// gradient.</summary>
    public bool MomentumIntoPreconditioner { get; init; } = true;

    /// <summary>Longer sides have a diagonal factor.</summary>
    public long MaxTriangularSize { get; init; } = 8192;

    /// <summary>Which sides have a diagonal factor beyond that, to save memory.</summary>
    public KronDiagonal Diagonal { get; init; } = KronDiagonal.None;

    /// <summary>How often the factors learn at first: the inverse of the steps between.</summary>
    public double MaxUpdateProbability { get; init; } = 1;

    /// <summary>How often the factors learn in the end: the inverse of the steps between.</summary>
    public double MinUpdateProbability { get; init; } = 0.03;

    /// <summary>The rate per step at which the frequency falls after <see cref="FlatSteps"/>.</summary>
    public double UpdateProbabilityDecay { get; init; } = 0.001;

    /// <summary>Steps before the frequency begins to fall.</summary>
    public long FlatSteps { get; init; } = 500;

    /// <summary>Updates with a larger root mean square are scaled down to it.</summary>
    public double MaxUpdateRms { get; init; } = 1.1;

    /// <inheritdoc/>
    /// <remarks>Back to 3e-3 for AdamW beside 1e-3.</remarks>
    protected override double OwnCompanionRatio => 3;

    public override UpdateRule Create(RuleContext context) => new Kron(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
        [
            .. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1),
            .. CheckPositive(nameof(PreconditionerLearningRate), PreconditionerLearningRate),
            .. CheckPositive(nameof(InitialScale), InitialScale),
            .. CheckPositive(nameof(MinUpdateProbability), MinUpdateProbability),
            .. CheckPositive(nameof(MaxUpdateRms), MaxUpdateRms),
        ];
        foreach (var problem in problems) yield return problem;
        if (PreconditionerLearningRate > 1) yield return (nameof(PreconditionerLearningRate), "must be at most 1");
        if (MaxUpdateProbability < MinUpdateProbability || MaxUpdateProbability > 1)
            yield return (nameof(MaxUpdateProbability), "must be at least min_update_probability and at most 1");
        if (UpdateProbabilityDecay < 0) yield return (nameof(UpdateProbabilityDecay), "must not be negative");
    }

    /// <summary>How often the factors learn at a step: flat, then falling exponentially.</summary>
    internal double UpdateProbability(double step)
        => Math.Clamp(MaxUpdateProbability * Math.Exp(-UpdateProbabilityDecay * (step - FlatSteps)),
            MinUpdateProbability, MaxUpdateProbability);

    internal bool IsTriangular(long size, long other)
        => size > 1 && size <= MaxTriangularSize && Diagonal switch
        {
            KronDiagonal.None => true,
            KronDiagonal.LongerSide => size <= other,
            _ => false,
        };
}
