using MathNet.Numerics.Statistics;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>Weights 1 / σ² of runs whose losses scatter differently, σ by its trend over size and tokens
/// (<see cref="WeightTrend"/>): of repeats where they tell one, else of a law's residuals.</summary>
internal static class VarianceWeights
{
    // Repeats at fewer sizes, or with fewer degrees of freedom, tell no trend over sizes.
    private const int LeastSizes = 3, LeastFreedom = 8;

    /// <summary>A weight for each run, their inverses one on average, and what a reader must be told.</summary>
    /// <param name="fit">The law, fitted without weights.</param>
    public static (double[] Weights, Finding Finding) Of(LawFit fit)
    {
        var isMeasured = IsMeasured(fit.Prepared.Rows);
        var scale = isMeasured
            ? WeightTrend.Scale(fit.Prepared.Rows, [.. SeedNoise.Repeats(fit.Prepared.Rows).SelectMany(Squares)])
            : WeightTrend.Scale(fit.Prepared.Rows, [.. fit.Points.Select(point => point.Residual)],
                FitJacobian.Leverages(FitJacobian.Basis(fit)));
        return ([.. scale.Select(Weight)], new(Severity.Note, "weights", "Runs are weighted by 1 / variance, as the "
            + $"scatter of {(isMeasured ? "repeats" : "the law's residuals")} changes with N and D: the noisiest run's "
            + $"deviation is {(scale.Max() / scale.Min()).Rounded(2)} times the quietest's."));
    }

    /// <summary>What estimates weights again from other losses of a fit's runs, over its own weights: intervals must
    /// hold that weights are estimated too. It gives null where weights stay as they are.</summary>
    public static Func<double[], double[]?> Again(PreparedFit fit)
    {
        if (fit.Options.Weights == RunWeights.None || IsMeasured(fit.Rows)) return _ => null;
        var plain = new PreparedFit(fit.Rows, fit.Law, fit.Options);
        var leverages = FitJacobian.Leverages(FitJacobian.Basis(plain,
            plain.Model(new FitWorkspace(plain).Coefficients(null))));
        return loss =>
        {
            var model = plain.Model(new FitWorkspace(plain, loss).Coefficients(null));
            double[] residuals = [.. fit.Rows.Select((row, i) => loss[i] - model.Predict(row))];
            return [.. WeightTrend.Scale(fit.Rows, residuals, leverages).Zip(fit.Weights, (own, weight)
                => Weight(own) / weight)];
        };
    }

    private static double Weight(double scale) => 1 / (scale * scale);

    private static bool IsMeasured(IReadOnlyList<RunRow> rows)
    {
        var repeats = SeedNoise.Repeats(rows).ToList();
        return repeats.Select(cell => rows[cell.Row].N).Distinct().Count() >= LeastSizes
            && repeats.Sum(cell => cell.Losses.Length - 1) >= LeastFreedom;
    }

    // A cell's variance, once for each of its degrees of freedom.
    private static IEnumerable<(int Row, double Square)> Squares((int Row, double[] Losses) cell)
        => Enumerable.Repeat((cell.Row, cell.Losses.Variance()), cell.Losses.Length - 1);
}
