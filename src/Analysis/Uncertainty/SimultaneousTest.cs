namespace PretrainBench.Analysis.Uncertainty;

/// <summary>
/// Which of several quantities differ from zero when all are asked at once. The critical value is the quantile of the
/// largest |draw − estimate| / deviation over the quantities (max-t; Romano and Wolf 2005), so that with no real
/// difference anywhere something is called different in 1 − confidence of cases only, however many there are.
/// </summary>
internal static class SimultaneousTest
{
    /// <summary>Whether each quantity differs from zero.</summary>
    /// <param name="draws">For each quantity its draws, in the same order of replicates; what is not finite is left
    /// out.</param>
    public static bool[] Differ(IReadOnlyList<double> estimates, IReadOnlyList<double[]> draws, double confidence)
    {
        double[] deviation = [.. draws.Select((own, k) => Math.Sqrt(own.Where(double.IsFinite)
            .Select(draw => (draw - estimates[k]) * (draw - estimates[k])).DefaultIfEmpty(double.NaN).Average()))];
        var told = Enumerable.Range(0, estimates.Count).Where(k => double.IsFinite(estimates[k]) && deviation[k] >= 0)
            .ToList();
        if (told.Count == 0) return new bool[estimates.Count];
        double Excess(int k, double value)
            => deviation[k] > 0 ? Math.Abs(value) / deviation[k] : value == 0 ? 0 : double.PositiveInfinity;
        double[] largest = [.. Enumerable.Range(0, draws[0].Length).Select(b => told
            .Select(k => draws[k][b] - estimates[k])
            .Select((difference, i) => double.IsFinite(difference) ? Excess(told[i], difference) : 0).Max()).Order()];
        var critical = DrawStatistics.Quantile(largest, confidence);
        return [.. Enumerable.Range(0, estimates.Count)
            .Select(k => told.Contains(k) && Excess(k, estimates[k]) > critical)];
    }
}
