using PretrainBench.Analysis;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Reports;

/// <summary>How a report's numbers are computed.</summary>
public sealed record ReportOptions : IValidated
{
    /// <summary>The heading when nothing else is asked for: the question.</summary>
    public const string DefaultTitle = "Which optimizer should I pretrain with?";

    public string Title { get; init; } = DefaultTitle;

    /// <summary>How laws are fitted.</summary>
    public FitOptions Fit { get; init; } = new();

    /// <summary>How uncertainty is drawn.</summary>
    public BootstrapOptions Bootstrap { get; init; } = new();

    public IEnumerable<(string Property, string Problem)> Validate() => [.. Fit.Validate(), .. Bootstrap.Validate()];
}

/// <summary>Computes what a report shows from a table of runs.</summary>
public static class ReportAnalysis
{
    /// <summary>Fits, draws, compares. What the runs cannot support becomes a finding instead of an error.</summary>
    /// <param name="options">How; defaults when null.</param>
    /// <exception cref="UserException">An option cannot be used.</exception>
    public static ReportInput Run(RunTable table, ReportOptions? options = null)
    {
        options ??= new();
        options.ThrowIfInvalid("the report");
        List<Finding> findings = [];
        // No law of them would mean anything, nor any difference.
        var isComparable = table.Incomparable() is null;
        var shared = table.Optimizers.Count < 2 || !isComparable ? null
            : Attempt("no-shared-law", findings,
            () => Fitter.FitWithoutThin(table, LawRegistry.Shared, options.Fit));
        var separate = !isComparable ? null : Attempt("no-separate-law", findings,
            () => Fitter.FitWithoutThin(table, LawRegistry.PerOptimizer, options.Fit));
        var main = shared ?? separate;
        var reference = main?.Reference ?? ReferenceOf(table, options.Fit);
        var bootstrap = main is null
            ? null
            : Attempt("no-bootstrap", findings, () => Bootstrap.Run(main, options.Bootstrap));
        var choice = shared is null ? null : FormChoice.Of(table, shared);
        if (choice?.Rejected is { } rejected) findings.Add(rejected);
        var read = choice?.Fit ?? main;
        var drawn = read == main ? bootstrap
            : Attempt("no-bootstrap", findings, () => Bootstrap.Run(read!, options.Bootstrap));
        var leaveOneOut = main is null ? null : LeaveOneOut.Run(main);
        var determination = read is null || drawn is null ? null : Determination.Of(read, drawn);
        var undetermined = determination?.Finding(read!);
        if (undetermined is not null) findings.Add(undetermined);
        IReadOnlyList<TokenAdvantage> advantages = read is null || drawn is null ? []
            : [.. TokenAdvantage.Of(read, drawn).Where(advantage => determination!.Allows(advantage.Optimizer))];
        var noise = LossNoise.Of(table, main);
        IReadOnlyList<CellComparison> cells = isComparable ? CellComparison.Of(table, reference, noise) : [];
        if (main is not null && table.Optimizers.Count > 1 && advantages.Count == 0 && undetermined is null)
            findings.Add(
                new(Severity.Warning, "no-savings",
                "The runs do not show how much tokens do for the loss, so no saving is computed from the law."));
        var comparison = main is null ? null
            : Attempt("no-comparison", findings, () => LawComparison.Compare(table, Comparing(options)));
        return new ReportInput
        {
            Title = options.Title,
            Table = table,
            Reference = reference,
            Shared = shared,
            Separate = separate,
            Bootstrap = bootstrap,
            Profiles = shared is { Solver: SolverKind.LeastSquares }
                ? ProfileIntervals.Of(shared, options.Bootstrap.Confidence)
                : [],
            SharedLeaveOneOut = shared is null ? null : leaveOneOut,
            SeparateLeaveOneOut = separate is null ? null : shared is null ? leaveOneOut : LeaveOneOut.Run(separate),
            Influence = main is null ? null
                : Attempt("no-influence", findings, () => Influence.Of(table, main, leaveOneOut)),
            Comparison = comparison,
            Forms = comparison is null ? [] : FormDependence.Of(comparison, read!, advantages),
            Wider = read == main ? null : read,
            Noise = noise,
            Checks = main is null ? [] : ResidualCheck.Of(main),
            Cells = cells,
            CellSummaries = CellSummary.Of(cells, options.Bootstrap.Confidence),
            Advantages = advantages,
            Ratios = read is null || drawn is null ? [] : RatioDependence.Of(read, drawn, advantages),
            Trends = read is null || drawn is null ? [] : AdvantageTrend.Of(read, drawn, advantages),
            Optima = read is null || drawn is null ? [] : BudgetOptimum.Of(read, drawn),
            SpeedUps = isComparable ? MeasuredSpeedUp.Of(table, reference) : [],
            // Both laws see the same rows, so that what one says of them the other need not repeat.
            Findings = [.. Fairness.Check(table), .. findings,
                .. new[] { shared, separate }.OfType<LawFit>().SelectMany(OwnFindings).DistinctBy(f => f.Message)],
        };
    }

    private static ComparisonOptions Comparing(ReportOptions options)
        => new() { Fit = options.Fit, Confidence = options.Bootstrap.Confidence, Seed = options.Bootstrap.Seed };

    // Separate fits are often poorly determined, which is a result about them and told with them.
    private static IEnumerable<Finding> OwnFindings(LawFit fit)
        => from finding in fit.Findings
           let isOfRows = finding.Code is "rows-left-out" or "impossible-values"
           where isOfRows || !finding.IsOfTable
           select isOfRows || finding.Code is "fixed-ratio" or "thin-optimizer" ? finding
               : finding with { Message = $"Law '{fit.Law}': {finding.Message}" };

    private static string ReferenceOf(RunTable table, FitOptions options)
        => options.Reference
            ?? table.Optimizers.FirstOrDefault(
                name => name.Equals(Baseline.Optimizer, StringComparison.OrdinalIgnoreCase))
            ?? table.Optimizers[0];

    private static T? Attempt<T>(string code, List<Finding> findings, Func<T> work)
        where T : class
    {
        try
        {
            return work();
        }
        catch (UserException error)
        {
            findings.Add(new(Severity.Warning, code, error.Message));
            return null;
        }
    }
}
