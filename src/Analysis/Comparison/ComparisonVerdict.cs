using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Comparison;

/// <summary>Says in words what a comparison shows, and no more than it shows.</summary>
internal static class ComparisonVerdict
{
    private const double Unidentified = 0.99;

    public static IReadOnlyList<string> Of(IReadOnlyList<LawScore> scores, IReadOnlyList<PairedDifference> differences,
        SolverKind solver, int asked)
    {
        var verdict = new List<string>();
        foreach (var protocol in new[] { HoldOutProtocol.Largest, HoldOutProtocol.LeaveOneSizeOut,
                HoldOutProtocol.LeaveOneRunOut })
            if (Best(scores, differences, protocol, asked) is { } sentence) verdict.Add(sentence);
        if (differences.FirstOrDefault(d => d.Protocol == HoldOutProtocol.Largest
                && d is { Law: "per-optimizer", Other: "shared" }) is { } pair)
            verdict.Add(SharedAgainstSeparate(pair));
        foreach (var score in scores.Where(score => !LawRegistry.Get(score.Law).SharesExponents))
            Identified(score, verdict);
        var ranked = scores.Where(score => double.IsFinite(score.Aicc)).OrderBy(score => score.Aicc).ToList();
        if (ranked.Count > 1)
            verdict.Add("In sample, AICc"
                + (solver == SolverKind.LeastSquares
                    ? ""
                    : " (of squared residuals, which this solver does not minimise)")
                + $" prefers {ranked[0].Law} "
                + $"({ranked[0].FreeParameters} parameters) over {ranked[1].Law} "
                + $"({ranked[1].FreeParameters}) by {(ranked[1].Aicc - ranked[0].Aicc).Fixed(1)}"
                + (ranked[1].Aicc - ranked[0].Aicc < 2 ? ", which is no clear preference." : "."));
        return verdict;
    }

    private static string? Best(IReadOnlyList<LawScore> scores, IReadOnlyList<PairedDifference> differences,
        HoldOutProtocol protocol, int asked)
    {
        var ranked = scores.Where(score => score[protocol].Pooled != null)
            .OrderBy(score => score[protocol].Pooled!.MeanSquaredError).ToList();
        if (ranked.Count == 0) return null;
        if (ranked.Count == 1 && asked == 1)
            return $"{Where(protocol)}, {ranked[0].Law} errs by {Errors(ranked[0][protocol].Pooled!)}; no other law "
                + "was asked for.";
        if (ranked.Count == 1)
            return $"{Where(protocol)}, {ranked[0].Law} is the only law that these runs determine: there is "
                + "nothing to compare its error with.";
        var best = ranked[0];
        var error = best[protocol].Pooled!;
        var text = $"{Where(protocol)}, {best.Law} has the smallest error: {Errors(error)}";
        var tied = ranked.Skip(1).Where(other => !Resolved(differences, protocol, best.Law, other.Law))
            .Select(other => other.Law).ToList();
        return text + (tied.Count == 0
            ? "; the paired bootstrap separates it from every other law."
            : $"; these runs do not separate it from {string.Join(", ", tied)}.");
    }

    private static string Errors(PredictionError error)
        => $"{error.MeanSquaredError.Rounded(2)} mean squared, {error.MeanRelativeError.Percent(2)} relative, over "
            + $"{error.Runs} runs";

    private static bool Resolved(IReadOnlyList<PairedDifference> differences, HoldOutProtocol protocol,
        string law, string other)
    {
        var pair = differences.FirstOrDefault(d => d.Protocol == protocol
            && ((d.Law == law && d.Other == other) || (d.Law == other && d.Other == law)));
        return pair != null && (pair.Low > 0 || pair.High < 0);
    }

    private static string SharedAgainstSeparate(PairedDifference pair)
    {
        var ratio = pair.MeanSquaredError / pair.OtherMeanSquaredError;
        var numbers =
            $"{pair.OtherMeanSquaredError.Rounded(2)} against {pair.MeanSquaredError.Rounded(2)} mean "
                + "squared error on the largest size";
        var separated = pair.Low > 0 || pair.High < 0
            ? ""
            : "; the interval of the difference includes zero, so this could be luck";
        return ratio switch
        {
            >= 2 => $"Sharing exponents more than halves the error of separate fits: {numbers} (a "
                + $"factor of {ratio.Fixed(1)}){separated}.",
            > 1 => $"Sharing exponents lowers the error of separate fits, but does not halve it: {numbers} (a "
                + $"factor of {ratio.Fixed(1)}){separated}.",
            _ => $"Sharing exponents does not help here: {numbers}{separated}.",
        };
    }

    private static void Identified(LawScore score, List<string> verdict)
    {
        if (score.Law == "kaplan") return;
        List<string> tied = [.. score.LeaveOneOut.SelectMany(own => new[]
        {
            own.CorrelationAAlpha > Unidentified
                ? $"log A with alpha for {own.Optimizer} ({own.CorrelationAAlpha.Fixed(3)})"
                : "",
            own.CorrelationBBeta > Unidentified
                ? $"log B with beta for {own.Optimizer} ({own.CorrelationBBeta.Fixed(3)})"
                : "",
        }).Where(text => text.Length > 0)];
        if (tied.Count == 0) return;
        verdict.Add(
            $"{score.Law}: when single runs are left out, these move together (correlations): "
            + $"{string.Join(", ", tied)}. Such coefficients and "
            + "exponents are not identified one by one, and comparing optimizers by them means little.");
    }

    private static string Where(HoldOutProtocol protocol) => protocol switch
    {
        HoldOutProtocol.Largest => "Trained on the smaller sizes and tested on the largest",
        HoldOutProtocol.LeaveOneSizeOut => "With each size held out in turn",
        _ => "With each run held out in turn",
    };
}
