using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Comparison;

/// <summary>Differences between laws in squared error on the same held-out runs, with the runs (or trunks) drawn again.
/// It tells whether a difference could be the luck of a few runs; it does not draw the training runs again.</summary>
internal static class PairedBootstrap
{
    private const int LeastReplicates = 200;
    private const double MostDraws = 2e7;

    public static List<PairedDifference> All(
        RunTable table, IReadOnlyList<LawScore> scores,
        Dictionary<(string Law, HoldOutProtocol Protocol), List<HeldOutPrediction>> predictions,
        ComparisonOptions options)
    {
        var pairs = new List<(HoldOutProtocol Protocol, string Law, string Other)>();
        foreach (var protocol in LawComparison.Protocols.Skip(1))
            for (var i = 0; i < scores.Count; i++)
                for (var j = i + 1; j < scores.Count; j++) pairs.Add((protocol, scores[i].Law, scores[j].Law));
        var differences = new PairedDifference?[pairs.Count];
        Parallel.For(0, pairs.Count, options.Fit.Parallel(), k =>
        {
            var (protocol, law, other) = pairs[k];
            differences[k] = Pair(table.Rows, protocol, law, other, predictions[(law, protocol)],
                predictions[(other, protocol)], options);
        });
        return [.. differences.OfType<PairedDifference>()];
    }

    private static PairedDifference? Pair(
        IReadOnlyList<RunRow> rows, HoldOutProtocol protocol, string law, string other,
        List<HeldOutPrediction> predictions, List<HeldOutPrediction> others, ComparisonOptions options)
    {
        var byRow = others.ToDictionary(prediction => prediction.Row, prediction => prediction.Predicted);
        var both = predictions.Where(prediction => byRow.ContainsKey(prediction.Row)).ToList();
        if (both.Count == 0) return null;
        double Square(int row, double predicted) => Math.Pow(rows[row].Loss - predicted, 2);
        // Branches of one trunk share their error, so they are drawn together.
        string Trunk(int row) => rows[row].Trunk.Length > 0 ? rows[row].Trunk : $"\0{row}";
        double Difference(HeldOutPrediction p) => Square(p.Row, p.Predicted) - Square(p.Row, byRow[p.Row]);
        var clusters = both.GroupBy(prediction => Trunk(prediction.Row))
            .Select(cluster => (Sum: cluster.Sum(Difference), Count: cluster.Count())).ToArray();
        var random = SeedSequence.Generator(options.Seed, $"paired/{protocol}/{law}/{other}");
        // Intervals from fewer draws will do where there are so many runs; the cost must not grow with their number
        // times the draws.
        var draws =
            new double[Math.Min(options.Replicates, Math.Max(LeastReplicates, (int)(MostDraws / clusters.Length)))];
        for (var draw = 0; draw < draws.Length; draw++)
        {
            double sum = 0;
            var count = 0;
            for (var k = 0; k < clusters.Length; k++)
            {
                var (clusterSum, clusterCount) = clusters[random.Next(clusters.Length)];
                (sum, count) = (sum + clusterSum, count + clusterCount);
            }
            draws[draw] = sum / count;
        }
        Array.Sort(draws);
        var (low, high) = DrawStatistics.Interval(draws, options.Confidence);
        double first = both.Average(p => Square(p.Row, p.Predicted)),
            second = both.Average(p => Square(p.Row, byRow[p.Row]));
        return new(protocol, law, other, both.Count, first, second, first - second, low, high,
            draws.Count(draw => draw < 0) / (double)draws.Length);
    }
}
