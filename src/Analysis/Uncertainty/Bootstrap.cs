using MathNet.Numerics.Statistics;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core.Configuration;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>Refits a law to drawn data, on all cores; every replicate has its own seed.</summary>
public static class Bootstrap
{
    /// <summary>Draws and refits.</summary>
    /// <param name="options">How many, what, and with which seed; defaults when null.</param>
    /// <exception cref="UserException">An option cannot be used, or seed noise is asked for and not known.</exception>
    public static BootstrapResult Run(LawFit fit, BootstrapOptions? options = null)
    {
        options ??= new();
        options.ThrowIfInvalid("the bootstrap");
        var kind = options.Kind
            ?? (fit.Prepared.Rows.Any(row => row.Trunk.Length > 0) ? BootstrapKind.Trunks : BootstrapKind.Runs);
        double? noise = kind == BootstrapKind.SeedNoise ? NoiseOf(fit, options) : null;
        var models = noise is { } sigma
            ? DrawNoise(fit.Prepared, sigma, options)
            : DrawClusters(fit.Prepared, kind, options);
        return new BootstrapResult
        {
            Kind = kind,
            Replicates = options.Replicates,
            Confidence = options.Confidence,
            Seed = options.Seed,
            SeedNoise = noise,
            Parameters = Intervals(fit, models, options.Confidence),
            Models = models,
        };
    }

    private static double NoiseOf(LawFit fit, BootstrapOptions options)
        => options.SeedNoise ?? SeedNoise.Estimate(fit.Prepared.Rows)?.Deviation ?? throw new UserException(
            "A bootstrap over seed noise needs its size: no cell of the table was trained with several "
                + "seeds. Give it, such as 0.002 nats.");

    private static LawModel[] DrawClusters(PreparedFit fit, BootstrapKind kind, BootstrapOptions options)
    {
        var strata = Strata(fit, kind);
        return fit.Refits(options.Replicates, (i, weights) =>
        {
            var random = SeedSequence.Generator(options.Seed, "bootstrap", i);
            foreach (var clusters in strata)
                for (var k = 0; k < clusters.Length; k++)
                    foreach (var row in clusters[random.Next(clusters.Length)]) weights[row]++;
        });
    }

    /// <summary>For each optimizer, its clusters of rows: single runs, or trunks.</summary>
    private static int[][][] Strata(PreparedFit fit, BootstrapKind kind)
        => [.. Enumerable.Range(0, fit.Rows.Count).GroupBy(i => fit.Group[i]).OrderBy(group => group.Key)
            .Select(group => group
            .GroupBy(i => kind == BootstrapKind.Trunks && fit.Rows[i].Trunk.Length > 0 ? fit.Rows[i].Trunk : $"\0{i}")
            .Select(cluster => cluster.ToArray()).ToArray())];

    private static LawModel[] DrawNoise(PreparedFit fit, double sigma, BootstrapOptions options)
    {
        var models = new LawModel[options.Replicates];
        Parallel.For(0, models.Length, fit.Options.Parallel(), i =>
        {
            var noise = new NormalSource(options.Seed, "seed-noise", i).Normals(fit.Loss.Length);
            // A draw that would make a loss negative is not noise between seeds; the floor only guards the logarithm.
            double[] loss = [.. fit.Loss.Zip(noise, (measured, draw) => Math.Max(measured + sigma * draw, 1e-6))];
            models[i] = fit.Model(FitWorkspace.CoefficientsOf(fit, loss));
        });
        return models;
    }

    private static List<ParameterInterval> Intervals(LawFit fit, LawModel[] models, double confidence)
    {
        var runs = fit.Parameters.Select(p => p.Runs).ToList();
        var draws = models.Select(model => Fitter.Parameters(model, runs)).ToList();
        var intervals = new List<ParameterInterval>();
        for (var o = 0; o < fit.Parameters.Count; o++)
        {
            foreach (var (name, value) in OptimizerParameters.All)
            {
                var estimate = value(fit.Parameters[o]);
                if (double.IsNaN(estimate)) continue;
                var optimizer = o;
                double[] defined = [.. draws.Select(draw => value(draw[optimizer])).Where(double.IsFinite).Order()];
                var (low, high) = DrawStatistics.Interval(defined, confidence);
                intervals.Add(new(
                    fit.Parameters[o].Optimizer, name, estimate, defined.StandardDeviation(), low, high,
                    draws.Count - defined.Length));
            }
        }
        return intervals;
    }
}

/// <summary>Intervals of bootstrap draws.</summary>
internal static class DrawStatistics
{
    /// <summary>The central interval; quantiles linear between order statistics (type 7 of Hyndman and Fan).</summary>
    public static (double Low, double High) Interval(double[] sorted, double confidence)
    {
        var tail = (1 - confidence) / 2;
        return (SortedArrayStatistics.QuantileCustom(sorted, tail, QuantileDefinition.R7),
            SortedArrayStatistics.QuantileCustom(sorted, 1 - tail, QuantileDefinition.R7));
    }
}
