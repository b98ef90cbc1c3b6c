using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
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
        var scores = new List<LawScore>();
        var predictions = new Dictionary<(string Law, HoldOutProtocol Protocol), List<HeldOutPrediction>>();
        var leftOut = new List<Finding>();
        foreach (var law in options.Laws.Select(LawRegistry.Get).DistinctBy(law => law.Name))
        {
            try
            {
                scores.Add(Score(table, law, options, predictions));
            }
            catch (UserException error)
            {
                leftOut.Add(new(Severity.Note, "law-left-out", error.Message));
            }
        }
        if (scores.Count == 0)
            throw new UserException("No law can be compared on this table. "
                + string.Join(" ", leftOut.Select(finding => finding.Message).Distinct()));
        var differences = PairedBootstrap.All(table, scores, predictions, options);
        return new()
        {
            Runs = table.Rows.Count,
            Solver = options.Fit.Solver,
            Laws = scores,
            Differences = differences,
            LeftOut = leftOut,
            Verdict = ComparisonVerdict.Of(scores, differences, options.Fit.Solver),
            Findings = Findings(scores),
        };
    }

    private static LawScore Score(
        RunTable table, Law law, ComparisonOptions options,
        Dictionary<(string, HoldOutProtocol), List<HeldOutPrediction>> predictions)
    {
        var fit = Fitter.Fit(table, law, options.Fit);
        var protocols = new List<ProtocolErrors>();
        foreach (var protocol in Protocols)
        {
            var skipped = new List<string>();
            var held = protocol == HoldOutProtocol.InSample
                ? [.. fit.Points.Select((point, i) => new HeldOutPrediction(i, point.Predicted))]
                : HoldOut.Predict(fit.Prepared, protocol, skipped);
            predictions[(law.Name, protocol)] = held;
            protocols.Add(new(protocol, Errors(table.Rows, held), skipped));
        }
        return new(law.Name, fit.FreeParameters, fit.Quality.Aicc, fit, protocols, LeaveOneOut.Run(fit).Summary);
    }

    private static List<PredictionError> Errors(IReadOnlyList<RunRow> rows, List<HeldOutPrediction> held)
    {
        if (held.Count == 0) return [];
        var errors = new List<PredictionError> { Error("pooled", held) };
        errors.AddRange(held.GroupBy(prediction => rows[prediction.Row].Optimizer)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Error(group.Key, [.. group])));
        return errors;

        PredictionError Error(string name, List<HeldOutPrediction> of) => new(
            name, of.Count, of.Average(p => Math.Pow(rows[p.Row].Loss - p.Predicted, 2)),
            of.Average(p => Math.Abs(rows[p.Row].Loss - p.Predicted) / rows[p.Row].Loss));
    }

    private static List<Finding> Findings(List<LawScore> scores)
        => [.. scores.SelectMany(
            score => score.Fit.Findings.Select(finding => finding with { Message = $"{score.Law}: {finding.Message}" }))
            .Where(finding => finding.Code != "rows-left-out"),
            .. scores[0].Fit.Findings.Where(finding => finding.Code == "rows-left-out")];
}
