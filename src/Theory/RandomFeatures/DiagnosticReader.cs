namespace PretrainBench.Theory.RandomFeatures;

/// <summary>Spectral diagnostics. The formula of Ramani and Jain (arXiv 2605.29387) is not public to us; ours is the
/// share of gradient descent's loss left in modes that it cannot reach in T steps.</summary>
internal static class DiagnosticReader
{
    /// <summary>The diagnostics of (s, T), from the spectra at the largest N.</summary>
    public static FeatureDiagnostic Of(RandomFeaturesConfig config, FeatureMeasurements measurements, int s,
        int steps, double gap)
    {
        var largest = config.Sizes.Count - 1;
        FeatureSpectrum[] spectra =
            [.. Enumerable.Range(0, measurements.Sketches).Select(k => measurements.Spectrum(s, largest, k))];
        var cube = measurements.Exact(FeatureOptimizer.GradientDescent, s, steps, 0);
        var all = new Resampling(cube.Sketches, cube.Targets, 0, 0);
        var rate = LearningRates.Linear[cube.Best(largest, all.All).Rate];
        return new FeatureDiagnostic(
            config.SpectralIndices[s],
            steps,
            spectra.Average(MeasuredIndex),
            spectra.Average(spectrum => Math.Pow(spectrum.Eigenvalues.Sum(), 2) / spectrum.Eigenvalues.Sum(h => h * h)),
            spectra.Average(spectrum => spectrum.Largest / spectrum.Eigenvalues[0]),
            spectra.Average(spectrum => spectrum.Eigenvalues.Count(h => rate * h / spectrum.Largest * steps > 1)),
            spectra.Average(spectrum => Enumerable.Range(0, config.Targets)
                .Average(t => spectrum.UnreachableShare(rate, steps, t))),
            gap);
    }

    // Minus the log-log slope of the eigenvalues from rank N/50 to N/5: below the top few, above the edge that M bends.
    private static double MeasuredIndex(FeatureSpectrum spectrum)
    {
        int count = spectrum.Eigenvalues.Length, first = Math.Max(1, count / 50), last = Math.Max(first + 2, count / 5);
        double[] ranks = [.. Enumerable.Range(first, last - first + 1).Select(rank => (double)rank)];
        return -PowerLaw.SlopeOf(ranks, Array.ConvertAll(ranks, rank => spectrum.Eigenvalues[count - (int)rank]));
    }
}
