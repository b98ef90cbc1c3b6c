using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Comparison;

/// <summary>
/// Differences between laws in squared error on the same held-out runs. A nested bootstrap: losses of all runs are
/// drawn around the law that AICc prefers, every law is refitted without the runs that it is to predict, and the
/// differences' distances from their mean are laid on both sides of the measured difference (a symmetric interval: Hall
/// 1988). So it counts the luck of the runs that were fitted as well as that of the runs predicted.
/// </summary>
internal static class LawDifferences
{
    /// <summary>Beyond so many runs their luck decides no fit, and only the predicted losses are drawn.</summary>
    private const int MostRefittedRuns = 2000;

    public static List<PairedDifference> Of(RunTable table, IReadOnlyList<PredictedLaw> laws, ComparisonOptions options)
    {
        var most = laws.Max(law => law.Fit.Runs);
        var truth = laws.Where(law => law.Fit.Runs == most).MinBy(law => law.Fit.Quality.Aicc)!;
        var noise = NoiseModel.Of(truth.Fit);
        var refits = table.Rows.Count <= MostRefittedRuns;
        // By draw, law and protocol: the mean squared error on the common runs.
        var errors = new Dictionary<HoldOutProtocol, double>[options.Replicates][];
        Parallel.For(0, options.Replicates, options.Fit.Parallel(), draw =>
        {
            var loss = truth.Draw(table, noise, SeedSequence.Generator(options.Seed, "laws", draw));
            errors[draw] = [.. laws.Select(law => Errors(law, loss, refits ? law.PredictAgain(loss) : null))];
        });
        double[] measured = [.. table.Rows.Select(row => row.Loss)];
        var now = laws.Select(law => Errors(law, measured, null)).ToList();
        return [.. from protocol in LawComparison.Protocols.Skip(1)
                   from i in Enumerable.Range(0, laws.Count)
                   from j in Enumerable.Range(i + 1, laws.Count - i - 1)
                   where laws[i][protocol].Count > 0 && laws[j][protocol].Count > 0
                   select Pair(protocol, laws[i], laws[j], now[i][protocol], now[j][protocol],
                       [.. errors.Select(draw => draw[i][protocol] - draw[j][protocol])], options)];
    }

    private static Dictionary<HoldOutProtocol, double> Errors(
        PredictedLaw law, double[] loss, Dictionary<HoldOutProtocol, double[]>? again)
        => LawComparison.Protocols.Skip(1).ToDictionary(protocol => protocol, protocol => law[protocol]
            .Select(held => Math.Pow(loss[held.Row] - (again is null ? held.Predicted : again[protocol][held.Row]), 2))
            .DefaultIfEmpty(double.NaN).Average());

    private static PairedDifference Pair(
        HoldOutProtocol protocol, PredictedLaw law, PredictedLaw other, double error, double otherError, double[] draws,
        ComparisonOptions options)
    {
        var (difference, centre) = (error - otherError, draws.Average());
        // Squares are skewed, and the side on which they are says nothing of the side on which the measured one lies.
        double[] distances = [.. draws.Select(draw => Math.Abs(draw - centre)).Order()];
        var reach = DrawStatistics.Quantile(distances, options.Confidence);
        return new(protocol, law.Name, other.Name, law[protocol].Count, error, otherError, difference,
            difference - reach, difference + reach,
            draws.Count(draw => difference + draw - centre < 0) / (double)draws.Length);
    }
}
