using PretrainBench.Core;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>A value with a 95 % bootstrap interval.</summary>
/// <param name="Low">The 2.5 % quantile over resamples.</param>
/// <param name="High">The 97.5 % quantile.</param>
public readonly record struct Estimate(double Value, double Low, double High);

/// <summary>Bootstrap over sketches and, within each, over targets. The same resamples serve every optimizer, so that
/// differences and ratios are paired.</summary>
internal sealed class Resampling
{
    private readonly (int Sketch, int Target)[] _all;
    private readonly (int Sketch, int Target)[][] _resamples;

    public Resampling(int sketches, int targets, int resamples, ulong seed)
    {
        var source = new NormalSource(seed, "random-features:bootstrap");
        _all = [.. Enumerable.Range(0, sketches).SelectMany(s => Enumerable.Range(0, targets).Select(t => (s, t)))];
        _resamples = new (int, int)[resamples][];
        for (var r = 0; r < resamples; r++)
        {
            _resamples[r] = new (int, int)[sketches * targets];
            for (var s = 0; s < sketches; s++)
            {
                var sketch = source.NextIndex(sketches);
                for (var t = 0; t < targets; t++) _resamples[r][s * targets + t] = (sketch, source.NextIndex(targets));
            }
        }
    }

    /// <summary>Every pair once.</summary>
    public ReadOnlySpan<(int Sketch, int Target)> All => _all;

    public Estimate Of(Func<(int Sketch, int Target)[], double> statistic)
    {
        double[] values = [.. _resamples.Select(statistic).Order()];
        return new Estimate(statistic(_all), values[(int)(0.025 * values.Length)],
            values[(int)(0.975 * values.Length)]);
    }
}
