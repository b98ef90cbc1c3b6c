using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Simulation;

/// <summary>How often nominal intervals of the shared law hold the truth, over simulated tables.</summary>
public static class CoverageStudy
{
    /// <summary>The share of intervals that hold the truth, by quantity.</summary>
    /// <param name="weights">How much runs weigh.</param>
    public static IReadOnlyDictionary<string, double> Run(SimulatedTables truth, int tables, BootstrapOptions options,
        RunWeights weights = RunWeights.None)
    {
        var hits = new Dictionary<string, (int Held, int Of)>();
        Parallel.For(0, tables, t =>
        {
            var fit = Fitter.Fit(truth.Draw(1000 + t), LawRegistry.Shared, new() { Threads = 1, Weights = weights });
            var bootstrap = Bootstrap.Run(fit, options with { Seed = (ulong)t });
            var held = Held(truth, fit, bootstrap).ToList();
            lock (hits)
                foreach (var (name, holds) in held)
                {
                    var (count, of) = hits.GetValueOrDefault(name);
                    hits[name] = (count + (holds ? 1 : 0), of + 1);
                }
        });
        return hits.ToDictionary(pair => pair.Key, pair => pair.Value.Held / (double)pair.Value.Of);
    }

    /// <summary>
    /// In how many tables some optimizer is told apart from the reference at the largest size, and some trend seen.
    /// </summary>
    public static (int Winners, int Trends) FalseClaims(SimulatedTables truth, int tables, BootstrapOptions options)
    {
        int winners = 0, trends = 0;
        Parallel.For(0, tables, t =>
        {
            var fit = Fitter.Fit(truth.Draw(5000 + t), LawRegistry.Shared, new FitOptions { Threads = 1 });
            var bootstrap = Bootstrap.Run(fit, options with { Seed = (ulong)t });
            var advantages = TokenAdvantage.Of(fit, bootstrap);
            var trained = advantages.Where(advantage => !advantage.IsExtrapolated).ToList();
            if (trained.Any(advantage => advantage.N == trained.Max(other => other.N) && advantage.IsResolved))
                Interlocked.Increment(ref winners);
            if (AdvantageTrend.Of(fit, bootstrap, advantages).Any(trend => trend.IsResolved))
                Interlocked.Increment(ref trends);
        });
        return (winners, trends);
    }

    /// <summary>In how many tables a forecast names some winner: by a saving, or at any size of an
    /// advantage.</summary>
    public static int ForecastWinners(SimulatedTables truth, int tables, BootstrapOptions options)
        => Enumerable.Range(0, tables).AsParallel().Count(t =>
        {
            var fit = Fitter.Fit(truth.Draw(6000 + t), LawRegistry.Shared, new FitOptions { Threads = 1 });
            double n = truth.N[^1], ratio = truth.TokensPerParameter[(truth.Ratios - 1) / 2];
            var forecast = new Forecaster(fit, Bootstrap.Run(fit, options with { Seed = (ulong)t })).Run(new()
            {
                Points = [(n, n * ratio), (2 * n, 2 * n * ratio)],
                TokensPerParameter = ratio,
            });
            return forecast.Savings.Any(saving => saving.IsResolved)
                || forecast.Advantages.Any(advantage => double.IsFinite(advantage.LastResolvedN));
        });

    /// <summary>The share of intervals of the difference in held-out error (largest size) of separate laws and the
    /// shared one that hold its expectation, which is the mean over more tables.</summary>
    public static double LawDifferences(SimulatedTables truth, int tables, int replicates)
    {
        PairedDifference Compare(int seed, int draws) => LawComparison.Compare(truth.Draw(seed), new()
        {
            Laws = ["per-optimizer", "shared"],
            Replicates = draws,
            Seed = (ulong)seed,
            Fit = new() { Threads = 1 },
        }).Differences.Single(pair => pair.Protocol == HoldOutProtocol.Largest);
        var expected = Enumerable.Range(0, 10 * tables).AsParallel().Average(t => Compare(9000 + t, 1).Difference);
        var held = Enumerable.Range(0, tables).AsParallel().Select(t => Compare(7000 + t, replicates))
            .Count(pair => pair.Low <= expected && expected <= pair.High);
        return held / (double)tables;
    }

    private static IEnumerable<(string Quantity, bool Holds)> Held(SimulatedTables truth, LawFit fit,
        BootstrapResult bootstrap)
    {
        double n = truth.N[^1], d = n * truth.TokensPerParameter[(truth.Ratios - 1) / 2];
        for (var o = 0; o < truth.Optimizers; o++)
        {
            var optimizer = o;
            var name = SimulatedTables.Name(o);
            yield return ("forecast",
                Holds(bootstrap, model => model.Predict(optimizer, 2 * n, 2 * d), truth.Loss(o, 2 * n, 2 * d)));
            if (o == 0) continue;
            yield return ("rhoN", Holds(bootstrap, model => model.RhoN(optimizer), truth.RhoN(o)));
            yield return ("rhoD", Holds(bootstrap, model => model.RhoD(optimizer), truth.RhoD(o)));
            yield return ("saving",
                Holds(bootstrap, model => TokenAdvantage.ShareOf(model, optimizer, n, d), Share(truth, o, n, d)));
        }
    }

    private static double Share(SimulatedTables truth, int o, double n, double d)
        => d / Math.Pow((truth.Loss(o, n, d) - 1.8 - 480 * Math.Pow(n, -0.35)) / 2100, -1 / 0.366);

    private static bool Holds(BootstrapResult bootstrap, Func<LawModel, double> quantity, double value)
    {
        double[] draws = [.. bootstrap.Models.Select(quantity).Where(double.IsFinite).Order()];
        var (low, high) = DrawStatistics.Interval(draws, bootstrap.Confidence);
        return low <= value && value <= high;
    }
}
