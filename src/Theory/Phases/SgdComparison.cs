namespace PretrainBench.Theory.Phases;

/// <summary>SGD on top of the Volterra solution of the same W, averaged over log-spaced bins of steps.</summary>
/// <param name="Width">d.</param>
/// <param name="Bins">One row per bin.</param>
/// <param name="MedianGap">Median over bins of |SGD/Volterra − 1|.</param>
/// <param name="RmsGap">Root mean square of the same.</param>
public sealed record SgdComparison(int Width, IReadOnlyList<SgdBin> Bins, double MedianGap, double RmsGap)
{
    /// <summary>Runs SGD and its exact mean on one sketch.</summary>
    /// <param name="config">Point, step scale, runs and bins.</param>
    /// <param name="width">d.</param>
    /// <param name="featureRatio">v/d.</param>
    /// <param name="batch">B.</param>
    /// <param name="seed">Fixes W and every sample.</param>
    /// <param name="cancellation">Stops between bins.</param>
    public static SgdComparison Of(SgdConfig config, int width, double featureRatio, int batch, ulong seed, CancellationToken cancellation = default)
    {
        var features = (int)Math.Round(featureRatio * width);
        var spectrum = SketchSpectrum.Draw(config.Point, width, features, seed);
        var gamma = StepSize.Of(config.Point, features, config.StepScale);
        double[] Averages(Action advance, Func<double> loss)
            => LogBins.Averages(config.FirstStep, config.LastStep, config.BinsPerDecade, advance, loss, cancellation);

        var runs = new double[config.Runs + 1][];
        new LabParallel(cancellation).For(config.Runs + 1, i =>
        {
            if (i < config.Runs)
            {
                var simulation = new OnePassSimulation(spectrum, batch, seed, i);
                runs[i] = Averages(() => simulation.StepSgd(gamma), () => simulation.Loss);
            }
            else
            {
                var (mean, rule) = (new MeanRecursion(spectrum, batch), MomentumRule.Sgd(gamma));
                runs[i] = Averages(() => mean.Step(rule), () => mean.Loss);
            }
        });

        var middles = new LogBins(config.FirstStep, config.LastStep, config.BinsPerDecade);
        SgdBin[] bins = [.. Enumerable.Range(0, middles.Count)
            .Select(bin => new SgdBin(middles.Middle(bin), runs[..^1].Average(run => run[bin]), runs[^1][bin]))
            .Where(bin => !double.IsNaN(bin.Volterra))];
        double[] gaps = [.. bins.Select(bin => Math.Abs(bin.Sgd / bin.Volterra - 1)).Order()];
        return new SgdComparison(width, bins, gaps[gaps.Length / 2], Math.Sqrt(gaps.Average(gap => gap * gap)));
    }
}

/// <summary>One bin.</summary>
/// <param name="Steps">Its geometric middle.</param>
/// <param name="Sgd">Mean loss over the bin's steps and the runs.</param>
/// <param name="Volterra">The exact mean given W, over the same steps.</param>
public sealed record SgdBin(double Steps, double Sgd, double Volterra);
