using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>What the random-feature lab computes. The defaults are the calibrated definition and take about three
/// minutes.</summary>
public sealed record RandomFeaturesConfig : IValidated
{
    /// <summary>Default of <see cref="LatentRatio"/>; together with <see cref="DefaultSteps"/> it is fitted to the
    /// published pair.</summary>
    public const double DefaultLatentRatio = 2.75;

    public const int DefaultSteps = 12;

    /// <summary>Default of <see cref="Damping"/>, relative to the largest eigenvalue.</summary>
    public const double DefaultDamping = 0.01;

    /// <summary>Spectral indices s of λ_k = k^−s.</summary>
    public IReadOnlyList<double> SpectralIndices { get; init; } = [0.5, 0.75, 1, 1.25, 1.5, 2];

    /// <summary>Numbers of features N, rising; all of them are in each fit.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [32, 64, 128, 256, 512, 1024, 2048];

    /// <summary>M over the largest N.</summary>
    public double LatentRatio { get; init; } = DefaultLatentRatio;

    /// <summary>T, full-batch steps of the main comparison.</summary>
    public int Steps { get; init; } = DefaultSteps;

    /// <summary>Damping of the natural gradient, (H + damping · λ_max I)^−1 g.</summary>
    public double Damping { get; init; } = DefaultDamping;

    public int Sketches { get; init; } = 5;

    /// <summary>Targets w per sketch; they cost little and their noise (mostly of w_1) is the larger part of the
    /// intervals.</summary>
    public int Targets { get; init; } = 32;

    public int IteratedSketches { get; init; } = 3;

    /// <summary>Targets per sketch for the optimizers that must be iterated.</summary>
    public int IteratedTargets { get; init; } = 4;

    /// <summary>Step budgets for α against T.</summary>
    public IReadOnlyList<int> StepBudgets { get; init; } = [5, 12, 30, 100, 300, 1000];

    /// <summary>Dampings for α against damping; 0 is the undamped natural gradient.</summary>
    public IReadOnlyList<double> Dampings { get; init; } = [0, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1];

    /// <summary>Step budgets whose cells, with every s, the diagnostic is correlated over.</summary>
    public IReadOnlyList<int> DiagnosticBudgets { get; init; } = [5, 12, 30, 100, 300];

    /// <summary>Non-zero weights of a feature in the sparse sketch.</summary>
    public int SparseNonzeros { get; init; } = 4;

    /// <summary>Bootstrap resamples (of sketches, and of targets within).</summary>
    public int Resamples { get; init; } = 500;

    public ulong Seed { get; init; } = 1;

    /// <summary>Iterated optimizers and the sparse sketch on as many sketches and targets as the exact ones.</summary>
    public bool Full { get; init; }

    /// <summary>M, the number of latent directions.</summary>
    public int Latents => (int)Math.Round(LatentRatio * Sizes.Max());

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (SpectralIndices.Count == 0) yield return (nameof(SpectralIndices), "at least one is needed");
        if (SpectralIndices.Any(s => !(s > 0))) yield return (nameof(SpectralIndices), "each s must be above 0");
        if (Sizes.Count < 3) yield return (nameof(Sizes), "an exponent with a window needs three sizes or more");
        if (Sizes.Any(n => n < 4)) yield return (nameof(Sizes), "each N must be at least 4");
        if (Sizes.Zip(Sizes.Skip(1)).Any(pair => pair.Second <= pair.First)) yield return (nameof(Sizes), "must rise");
        if (!(LatentRatio >= 1))
            yield return (nameof(LatentRatio),
                $"{LatentRatio} makes N > M for the largest N; the sketch needs M ≥ N, a ratio of 1 or more");
        foreach (var steps in StepBudgets.Concat(DiagnosticBudgets).Append(Steps).Where(steps => steps < 1).Distinct())
            yield return (nameof(Steps), $"T = {steps} trains nothing; every step budget must be at least 1");
        if (!(Damping >= 0) || Dampings.Any(d => !(d >= 0))) yield return (nameof(Damping), "must not be negative");
        if (Sketches < 2) yield return (nameof(Sketches), "intervals need two sketches or more");
        if (Targets < 1) yield return (nameof(Targets), "at least one is needed");
        if (IteratedSketches < 2 || IteratedSketches > Sketches)
            yield return (nameof(IteratedSketches), $"must be from 2 to sketches = {Sketches}");
        if (IteratedTargets < 1 || IteratedTargets > Targets)
            yield return (nameof(IteratedTargets), $"must be from 1 to targets = {Targets}");
        if (SparseNonzeros < 1 || SparseNonzeros > Latents)
            yield return (nameof(SparseNonzeros), $"must be from 1 to M = {Latents}");
        if (Resamples < 100) yield return (nameof(Resamples), "an interval needs 100 resamples or more");
    }
}
