using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Uncertainty;

public class IntervalTests
{
    [Fact]
    public void Profile_intervals_of_real_data_hold_the_estimate_and_the_threshold()
    {
        var fit = Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("shared"));
        var intervals = ProfileIntervals.Of(fit);
        Assert.Equal(["rhoN", "rhoD"], intervals.Select(interval => interval.Parameter));
        Assert.All(intervals, interval => Assert.InRange(interval.Estimate, interval.Low, interval.High));
        Assert.True(intervals[1].DiffersFromOne);
        Assert.True(intervals[1].Low > 1.2 && intervals[1].High < 3);
    }

    [Fact]
    public void Without_noise_the_interval_closes_on_the_truth()
    {
        var interval = ProfileIntervals.Of(Fitter.Fit(Fixtures.Synthetic(0, 1, 2), Fixtures.Law("shared")))[1];
        Assert.InRange(interval.Low, 1.399, 1.4 + 1e-9);
        Assert.InRange(interval.High, 1.4 - 1e-9, 1.401);
    }

    /// <summary>
    /// 200 tables of two optimizers (50 runs, 0.2 % noise): 95 % profile intervals of rhoN and rhoD hold the truth in
    /// 95 % of them, up to the simulation's own error (three standard errors: 4.6 points); bootstrap intervals in 85 %
    /// or more, since resampling 25 runs of a kind is known to be narrow.
    /// </summary>
    [Fact]
    public void Intervals_cover_the_truth_at_their_nominal_rate()
    {
        int tables = 200, profileN = 0, profileD = 0, bootstrapN = 0, bootstrapD = 0;
        for (int i = 0; i < tables; i++)
        {
            var fit = Fitter.Fit(Fixtures.Synthetic(0.002, 1000 + i, 2), Fixtures.Law("shared"));
            var profiles = ProfileIntervals.Of(fit);
            if (profiles[0].Low <= 1.15 && 1.15 <= profiles[0].High) profileN++;
            if (profiles[1].Low <= 1.4 && 1.4 <= profiles[1].High) profileD++;
            var bootstrap = Bootstrap.Run(fit, new() { Replicates = 200, Seed = (ulong)i });
            if (bootstrap.Find("muon", "rhoN") is { } n && n.Low <= 1.15 && 1.15 <= n.High) bootstrapN++;
            if (bootstrap.Find("muon", "rhoD") is { } d && d.Low <= 1.4 && 1.4 <= d.High) bootstrapD++;
        }
        Assert.InRange(profileN / (double)tables, 0.904, 0.996);
        Assert.InRange(profileD / (double)tables, 0.904, 0.996);
        Assert.InRange(bootstrapN / (double)tables, 0.85, 1);
        Assert.InRange(bootstrapD / (double)tables, 0.85, 1);
    }
}
