using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Comparison;

/// <summary>Compares laws in sample and on runs that they have not seen.</summary>
public static class LawComparison
{
    /// <summary>The protocols in the order of tables.</summary>
    public static IReadOnlyList<HoldOutProtocol> Protocols { get; } =
        [HoldOutProtocol.InSample, HoldOutProtocol.LeaveOneRunOut, HoldOutProtocol.LeaveOneSizeOut,
            HoldOutProtocol.Rolling, HoldOutProtocol.Largest];

    /// <summary>Fits every law, holds runs out, and says what follows.</summary>
    /// <param name="options">Laws, solver, bootstrap; defaults when null.</param>
    /// <exception cref="UserException">No law can be determined by the table.</exception>
    public static ComparisonResult Compare(RunTable table, ComparisonOptions? options = null)
    {
        options ??= new();
        var predicted = new List<PredictedLaw>();
        var leftOut = new List<Finding>();
        foreach (var law in options.Laws.Select(LawRegistry.Get).DistinctBy(law => law.Name))
        {
            try
            {
                predicted.Add(PredictedLaw.Of(table, law, options.Fit, leftOut));
            }
            catch (UserException error)
            {
                leftOut.Add(new(Severity.Note, "law-left-out", error.Message));
            }
        }
        if (predicted.Count == 0)
            throw new UserException("No law can be compared on this table. "
                + string.Join(" ", leftOut.Select(finding => finding.Message).Distinct()));
        foreach (var protocol in Protocols) PredictedLaw.KeepCommonRuns(predicted, protocol, leftOut);
        var scores = predicted.Select(law => Score(table, law, predicted.Max(other => other.Fit.Runs))).ToList();
        var differences = LawDifferences.Of(table, predicted, options);
        return new()
        {
            Runs = table.Rows.Count,
            Solver = options.Fit.Solver,
            Laws = scores,
            Differences = differences,
            LeftOut = leftOut,
            Verdict = ComparisonVerdict.Of(scores, differences, options.Fit.Solver,
                options.Laws.Select(LawRegistry.Get).Distinct().Count()),
            Findings = Findings(table, scores),
        };
    }

    private static LawScore Score(RunTable table, PredictedLaw law, int mostRuns) => new(
        law.Name, law.Fit.FreeParameters, law.Fit.Runs == mostRuns ? law.Fit.Quality.Aicc
            : double.PositiveInfinity, law.Fit,
        [.. Protocols.Select(
            protocol => new ProtocolErrors(protocol, Errors(table.Rows, law[protocol]), law.Skipped[protocol]))],
        LeaveOneOut.Run(law.Fit).Summary);

    private static List<PredictionError> Errors(IReadOnlyList<RunRow> rows, IReadOnlyList<HeldOutPrediction> held)
    {
        if (held.Count == 0) return [];
        var errors = new List<PredictionError> { Error("pooled", held) };
        errors.AddRange(held.GroupBy(prediction => rows[prediction.Row].Optimizer)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Error(group.Key, [.. group])));
        return errors;

        PredictionError Error(string name, IReadOnlyList<HeldOutPrediction> of) => new(
            name, of.Count, of.Average(p => Math.Pow(rows[p.Row].Loss - p.Predicted, 2)),
            of.Average(p => Math.Abs(rows[p.Row].Loss - p.Predicted) / rows[p.Row].Loss));
    }

    private static List<Finding> Findings(RunTable table, List<LawScore> scores)
        => [.. TableFindings.Of(table), .. scores.SelectMany(score => score.Fit.Findings
            .Where(finding => !finding.IsOfTable).Select(finding => (score.Law, Finding: finding)))
            .GroupBy(own => own.Finding).Select(same => same.Key with
            {
                Message = $"{string.Join(", ", same.Select(own => own.Law))}: {same.Key.Message}",
            })];
}
