using PretrainBench.Analysis;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Reports;

/// <summary>Everything that a report shows. <see cref="ReportAnalysis"/> makes it from a table; a caller adds curves,
/// settings and findings of its own with <c>with</c>. Parts that the runs cannot support are null, and
/// <see cref="Findings"/> says why.</summary>
public sealed record ReportInput
{
    public string Title { get; init; } = ReportOptions.DefaultTitle;

    public required RunTable Table { get; init; }

    /// <summary>The optimizer that the others are compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>The shared-exponent law.</summary>
    public LawFit? Shared { get; init; }

    public LawFit? Separate { get; init; }

    /// <summary>Uncertainty of <see cref="Main"/> by bootstrap.</summary>
    public BootstrapResult? Bootstrap { get; init; }

    /// <summary>Profile intervals of the efficiencies of the shared law.</summary>
    public IReadOnlyList<ProfileInterval> Profiles { get; init; } = [];

    /// <summary>Refits of the shared law without single runs.</summary>
    public LeaveOneOutResult? SharedLeaveOneOut { get; init; }

    /// <summary>Refits of the separate laws without single runs.</summary>
    public LeaveOneOutResult? SeparateLeaveOneOut { get; init; }

    /// <summary>What single runs, the solver and the parameter count do to <see cref="Main"/>.</summary>
    public InfluenceResult? Influence { get; init; }

    /// <summary>Laws compared on runs that they have not seen.</summary>
    public ComparisonResult? Comparison { get; init; }

    /// <summary>The measured noise of a final loss; null when nothing shows it.</summary>
    public LossNoise? Noise { get; init; }

    /// <summary>Whether the residuals of <see cref="Main"/> look like noise.</summary>
    public IReadOnlyList<ResidualCheck> Checks { get; init; } = [];

    /// <summary>Final losses of equal cells, compared without a law.</summary>
    public IReadOnlyList<CellComparison> Cells { get; init; } = [];

    /// <summary>What each optimizer's cells say together.</summary>
    public IReadOnlyList<CellSummary> CellSummaries { get; init; } = [];

    /// <summary>What each optimizer saves by the law, over sizes; only where the runs determine the law.</summary>
    public IReadOnlyList<TokenAdvantage> Advantages { get; init; } = [];

    /// <summary>What the form of law that AICc prefers says of the same savings, where it is another.</summary>
    public IReadOnlyList<FormDependence> Forms { get; init; } = [];

    /// <summary>Shorter or longer training at which the order is the other way round.</summary>
    public IReadOnlyList<RatioDependence> Ratios { get; init; } = [];

    /// <summary>Whether savings change with size.</summary>
    public IReadOnlyList<AdvantageTrend> Trends { get; init; } = [];

    /// <summary>Where budgets are spent best, by the law.</summary>
    public IReadOnlyList<BudgetOptimum> Optima { get; init; } = [];

    /// <summary>What each optimizer saves at single sizes, without a law across them.</summary>
    public IReadOnlyList<MeasuredSpeedUp> SpeedUps { get; init; } = [];

    /// <summary>Loss over tokens while training.</summary>
    public IReadOnlyList<LossCurve> Curves { get; init; } = [];

    /// <summary>Loss against learning rate, where ladders were tried.</summary>
    public IReadOnlyList<LearningRateLadder> Ladders { get; init; } = [];

    /// <summary>What a reader must be told: fairness, fits, what could not be done.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Resolved settings; null when the table came without them.</summary>
    public ReportSettings? Settings { get; init; }

    /// <summary>Where everything came from: code version, data, tokenizer, machine, commands.</summary>
    public IReadOnlyList<NamedValue> Lineage { get; init; } = [];

    /// <summary>The law that savings and the use of a budget are read off, where it is not <see cref="Main"/>: the runs
    /// reject that one.</summary>
    public LawFit? Wider { get; init; }

    /// <summary>The law whose parameters and lines are shown: the shared one where it could be fitted.</summary>
    internal LawFit? Main => Shared ?? Separate;

    /// <summary>The law that savings and the use of a budget are read off.</summary>
    internal LawFit? Read => Wider ?? Main;
}

/// <summary>The learning rates that one optimizer was tried at, at one size.</summary>
/// <param name="Rungs">By rate ascending.</param>
public sealed record LearningRateLadder(string Optimizer, string Size, double TokensPerParameter,
    IReadOnlyList<LadderRung> Rungs);

/// <summary>One rate of a ladder.</summary>
/// <param name="Loss">Final loss in nats per token; NaN where it diverged.</param>
public readonly record struct LadderRung(double LearningRate, double Loss);

/// <summary>One evaluation on the way.</summary>
/// <param name="Loss">Loss in nats per token.</param>
public readonly record struct LossCurvePoint(double Tokens, double Loss);

/// <summary>How one run's loss fell. Curves are shown, and never fitted: only final losses are.</summary>
/// <param name="D">The tokens that it was to see.</param>
/// <param name="Points">Evaluations, by tokens ascending.</param>
public sealed record LossCurve(string Run, string Optimizer, string Size, double N, double D,
    IReadOnlyList<LossCurvePoint> Points);
