using MathNet.Numerics.LinearAlgebra;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>
/// The trend that weights follow: log σ = c + g · (log N, log D), by maximum likelihood (Harvey 1976), far residuals
/// cut, and none at all where the residuals leave it in doubt. Intervals need what is likely
/// (<see cref="NoiseTrend"/>), weights what neither luck nor one bad run can make.
/// </summary>
internal static class WeightTrend
{
    private const int Rounds = 50;
    private const double MostLog = 2;

    /// <summary>Each run's deviation relative to their root mean square, by residuals of a fit.</summary>
    /// <param name="leverages">Each run's share in its own prediction.</param>
    public static double[] Scale(IReadOnlyList<RunRow> rows, double[] residuals, double[] leverages)
        // A run that decides its own prediction says nothing of noise.
        => Scale(rows, [.. Enumerable.Range(0, rows.Count).Where(i => leverages[i] < 0.99)
            .Select(i => (i, residuals[i] * residuals[i] / (1 - leverages[i])))]);

    /// <summary>Each run's deviation relative to their root mean square.</summary>
    /// <param name="told">Squares of noise, each with the index of a run that has the like.</param>
    public static double[] Scale(IReadOnlyList<RunRow> rows, IReadOnlyList<(int Row, double Square)> told)
    {
        var design = Matrix<double>.Build.Dense(rows.Count, 3, (i, k) => k == 0 ? 1
            : Math.Log(k == 1 ? rows[i].N : rows[i].D));
        for (var k = 1; k < 3; k++) design.SetColumn(k, design.Column(k) - design.Column(k).Average());
        double[] squares = [.. told.Select(run => run.Square)];
        var floor = 1e-6 * squares.DefaultIfEmpty(0).Average();
        if (floor <= 1e-30 || told.Count < 8) return [.. Enumerable.Repeat(1.0, rows.Count)];
        var known = Matrix<double>.Build.DenseOfRowVectors(told.Select(run => design.Row(run.Row)));
        var slope = Slope(known, squares, floor);
        return NoiseTrend.Relative(
            design.EnumerateRows().Select(row => row[1] * slope[0] + row[2] * slope[1]), MostLog);
    }

    private static Vector<double> Slope(Matrix<double> design, double[] squares, double floor)
    {
        // Fisher scoring: the information about log σ is 2 XᵀX, whatever the coefficients.
        var information = 2 * design.TransposeThisAndMultiply(design);
        // Sizes and tokens that move together cannot be told apart: a little of the identity keeps them equal then.
        var ridge = information + 1e-6 * information.Trace() * Matrix<double>.Build.DenseIdentity(3);
        var estimate = Vector<double>.Build.Dense([0.5 * Math.Log(squares.Average()), 0, 0]);
        for (var round = 0; round < Rounds; round++)
        {
            var logs = design * estimate;
            var score = design.TransposeThisAndMultiply(Vector<double>.Build.Dense([.. squares.Select((square, i)
                => Math.Min(Math.Max(square, floor) * Math.Exp(-2 * logs[i]), 20) - 1)]));
            var step = ridge.Solve(score);
            estimate += step;
            if (step.InfinityNorm() < 1e-6) break;
        }
        var slope = estimate.SubVector(1, 2);
        var wald = slope * information.SubMatrix(1, 2, 1, 2) * slope;
        return slope * Math.Max(0, 1 - 2 / wald);
    }
}
