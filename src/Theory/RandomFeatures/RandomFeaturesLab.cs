using MathNet.Numerics.Statistics;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>How the exponent of L(N) ∝ N^−α depends on the optimizer, after Ramani and Jain (arXiv 2605.29387). Their
/// sizes, step budget and feature map are not public to us; the definition here is ours, with two settings (M/N and T)
/// fitted to the published pair of exponents at s = 1 (see docs/theory/random-features.md).</summary>
public static class RandomFeaturesLab
{
    /// <summary>Runs the lab. Equal configurations give equal results on any number of threads.</summary>
    /// <param name="progress">Told after each (N, sketch) and each s; may be null.</param>
    /// <exception cref="UserException">The configuration cannot be used; the message says which condition
    /// failed.</exception>
    public static RandomFeaturesResult Run(
        RandomFeaturesConfig config, IProgress<LabProgress>? progress = null, CancellationToken cancellation = default)
    {
        config.ThrowIfInvalid("theory random-features");
        if (config.Full) config = config with { IteratedSketches = config.Sketches, IteratedTargets = config.Targets };
        var sparse = SparseConfig(config);
        var pieces = config.Sizes.Count * config.Sketches + sparse.Sizes.Count * sparse.Sketches
            + config.SpectralIndices.Count;
        var counter = new LabProgressCounter(progress, pieces);
        var dense = FeatureMeasurements.Run(
            config, Sketches.Dense, config.Sketches, config.IteratedSketches, "dense", counter, cancellation);
        var sparsely = FeatureMeasurements.Run(
            sparse, Sketches.Sparse, sparse.Sketches, sparse.Sketches, "sparse", counter, cancellation);
        return Read(config, dense, new ExponentReader(config, "dense", dense, config.IteratedSketches),
            new ExponentReader(sparse, "sparse", sparsely, sparse.Sketches), counter, cancellation);
    }

    // Sparse sketches: fewer, and up to half the largest N (with M in proportion) unless the run is a full one.
    private static RandomFeaturesConfig SparseConfig(RandomFeaturesConfig config) => config with
    {
        Sketches = config.IteratedSketches,
        Targets = config.IteratedTargets,
        Sizes = config.Full || config.Sizes.Count <= 3 ? config.Sizes : [.. config.Sizes.SkipLast(1)],
    };

    private static RandomFeaturesResult Read(
        RandomFeaturesConfig config,
        FeatureMeasurements dense,
        ExponentReader reader,
        ExponentReader sparse,
        LabProgressCounter counter,
        CancellationToken cancellation)
    {
        int[] budgets =
            [.. config.StepBudgets.Concat(config.DiagnosticBudgets).Append(config.Steps).Distinct().Order()];
        var parts = new Part[config.SpectralIndices.Count];
        new LabParallel(cancellation).For(parts.Length, s =>
        {
            parts[s] = PartOf(config, dense, reader, sparse, budgets, s);
            counter.Advance("exponents");
        });

        FeatureDiagnostic[] diagnostics = [.. parts.SelectMany(part => part.Diagnostics)];
        return new RandomFeaturesResult(
            config,
            [.. parts.SelectMany(part => part.Exponents)],
            [.. parts.SelectMany(part => part.Gaps)],
            [.. parts.SelectMany(part => part.ByBudget)],
            [.. parts.SelectMany(part => part.ByDamping)],
            diagnostics,
            diagnostics.Length < 3
                ? double.NaN
                : Correlation.Spearman(diagnostics.Select(d => d.UnreachableShare), diagnostics.Select(d => d.Gap)),
            [.. parts.SelectMany(part => part.Losses)]);
    }

    private static Part PartOf(
        RandomFeaturesConfig config, FeatureMeasurements dense, ExponentReader reader, ExponentReader sparse,
        int[] budgets, int s)
    {
        var (exponents, gaps, losses) = reader.At(s);
        var (sparseExponents, sparseGaps, sparseLosses) = sparse.At(s);
        FeatureExponent[] byBudget =
        [
            .. budgets.SelectMany(steps => new[] { FeatureOptimizer.GradientDescent, FeatureOptimizer.NaturalGradient }
                .Select(optimizer => reader.ExactExponent(optimizer, s, steps, config.Damping))),
        ];
        FeatureExponent[] byDamping =
            [.. config.Dampings.Select(
                damping => reader.ExactExponent(FeatureOptimizer.NaturalGradient, s, config.Steps, damping))];
        double AlphaAt(FeatureOptimizer optimizer, int steps)
            => byBudget.Single(e => e.Optimizer == optimizer && e.Steps == steps).Alpha.Value;
        FeatureDiagnostic[] diagnostics =
        [
            .. config.DiagnosticBudgets.Select(steps => DiagnosticReader.Of(config, dense, s, steps,
                AlphaAt(FeatureOptimizer.NaturalGradient, steps) - AlphaAt(FeatureOptimizer.GradientDescent, steps))),
        ];
        return new Part([.. exponents, .. sparseExponents], [.. gaps, .. sparseGaps], [.. losses, .. sparseLosses],
            byBudget, byDamping, diagnostics);
    }

    private sealed record Part(
        IReadOnlyList<FeatureExponent> Exponents,
        IReadOnlyList<FeatureGap> Gaps,
        IReadOnlyList<FeatureLoss> Losses,
        IReadOnlyList<FeatureExponent> ByBudget,
        IReadOnlyList<FeatureExponent> ByDamping,
        IReadOnlyList<FeatureDiagnostic> Diagnostics);
}
