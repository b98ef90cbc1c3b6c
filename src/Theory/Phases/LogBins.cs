namespace PretrainBench.Theory.Phases;

/// <summary>Averages over log-spaced bins of steps. Single points of an SGD run fluctuate without limit; bins can be
/// compared.</summary>
internal sealed class LogBins
{
    private readonly double _firstStep;
    private readonly double _binsPerDecade;
    private readonly double[] _sums;
    private readonly long[] _counts;

    public LogBins(double firstStep, double lastStep, int binsPerDecade)
    {
        (_firstStep, _binsPerDecade) = (firstStep, binsPerDecade);
        var count = Math.Max(1, (int)Math.Round(Math.Log10(lastStep / firstStep) * binsPerDecade));
        _sums = new double[count];
        _counts = new long[count];
    }

    public int Count => _sums.Length;

    /// <summary>The bin of a step, or −1 outside.</summary>
    public int IndexOf(long step)
    {
        if (step < _firstStep) return -1;
        var index = (int)Math.Floor(Math.Log10(step / _firstStep) * _binsPerDecade);
        return index < _sums.Length ? index : -1;
    }

    public void Add(int bin, double value, long count)
    {
        _sums[bin] += value;
        _counts[bin] += count;
    }

    /// <summary>The geometric middle of a bin, in steps.</summary>
    public double Middle(int bin) => _firstStep * Math.Pow(10, (bin + 0.5) / _binsPerDecade);

    /// <summary>The mean of a bin; NaN when nothing fell in.</summary>
    public double Mean(int bin) => _counts[bin] == 0 ? double.NaN : _sums[bin] / _counts[bin];

    /// <summary>Calls <paramref name="advance"/> to each step of the bins and averages what <paramref name="loss"/>
    /// then says.</summary>
    public static double[] Averages(
        double firstStep, double lastStep, int binsPerDecade, Action advance, Func<double> loss,
        CancellationToken cancellation)
    {
        var bins = new LogBins(firstStep, lastStep, binsPerDecade);
        var bin = -1;
        long nextEdge = 0;
        for (long step = 1; step <= (long)lastStep; step++)
        {
            advance();
            if (step >= nextEdge)
            {
                cancellation.ThrowIfCancellationRequested();
                bin = bins.IndexOf(step);
                nextEdge = NextEdge(bins, step, bin);
            }
            if (bin >= 0) bins.Add(bin, loss(), 1);
        }
        return [.. Enumerable.Range(0, bins.Count).Select(bins.Mean)];
    }

    private static long NextEdge(LogBins bins, long step, int bin)
    {
        var edge = bin < 0 && step < bins._firstStep
            ? bins._firstStep
            : bins._firstStep * Math.Pow(10, (bin + 1) / bins._binsPerDecade);
        return Math.Max(step + 1, (long)Math.Floor(edge));
    }
}
