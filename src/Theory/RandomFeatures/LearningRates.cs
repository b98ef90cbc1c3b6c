using MathNet.Numerics;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>The learning rates of every cell, of which the best is taken.</summary>
internal static class LearningRates
{
    /// <summary>Linear rules, in units of 1/λ_max: 20 rates from .2 to 1.995, denser towards 2, where T steps of
    /// descent want to be.</summary>
    public static IReadOnlyList<double> Linear { get; } =
        [.. Enumerable.Range(0, 20).Select(i => 2 - 1.8 * Math.Pow(.005 / 1.8, i / 19.0))];

    /// <summary>Rules with a scale of their own: 20 rates from 1e-3 to 30, for each of two schedules.</summary>
    public static IReadOnlyList<double> Scaled { get; } = Generate.LogSpaced(20, Math.Log10(1e-3), Math.Log10(30));

    /// <summary>The schedules of the scaled rules: constant, and falling linearly to 0.</summary>
    public static IReadOnlyList<bool> Decays { get; } = [false, true];

    /// <summary>Linear rules keep their rate constant.</summary>
    public static IReadOnlyList<bool> Constant { get; } = [false];
}
