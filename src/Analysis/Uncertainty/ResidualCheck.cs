using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>A test of whether a law's residuals look like noise.</summary>
/// <param name="Code">A stable word: <c>pure-error</c>, <c>curvature</c>, <c>ratio</c>, <c>outlier</c>,
/// <c>cell-correlation</c>.</param>
/// <param name="PValue">The probability of such residuals if the law were true; null where there is no test.</param>
/// <param name="IsPoor">Whether they speak against the law, or against counting its runs as independent.</param>
public sealed record ResidualCheck(string Code, double Statistic, double? PValue, bool IsPoor, string Statement)
{
    /// <summary>Probabilities below this speak against a law.</summary>
    private const double Poor = 0.01;

    private const double MostDeviations = 1000;

    /// <summary>Intervals from fewer cells or trunks rest on little.</summary>
    private const int FewGroups = 8;

    /// <summary>Every check that the runs allow.</summary>
    public static IReadOnlyList<ResidualCheck> Of(LawFit fit)
    {
        var basis = FitJacobian.Basis(fit);
        var residuals = Vector<double>.Build.Dense([.. fit.Points.Select(point => point.Weighted)]);
        var pure = PureError(fit, residuals, basis.ColumnCount);
        ResidualCheck?[] checks =
        [
            pure ?? Curvature(fit, residuals, basis),
            Ratio(fit, residuals, basis), Outlier(fit, residuals, basis), Correlation(fit),
        ];
        return [.. checks.OfType<ResidualCheck>()];
    }

    /// <summary>What a reader must know before all else: that one run decides what the others say.</summary>
    public static IEnumerable<string> Deciding(IReadOnlyList<ResidualCheck> checks)
        => checks.Where(check => check is { Code: "outlier", IsPoor: true })
            .Select(check => $"A single run may decide all of this: {check.Statement}.");

    /// <summary>Lack of fit against the scatter of repeats (Draper and Smith 1998, section 2.1).</summary>
    private static ResidualCheck? PureError(LawFit fit, Vector<double> residuals, int free)
    {
        var cellOf = Cells.Of(fit.Prepared.Rows);
        var repeats = Enumerable.Range(0, cellOf.Length).GroupBy(i => (cellOf[i], fit.Prepared.Group[i])).ToList();
        var freedom = cellOf.Length - repeats.Count;
        var lack = repeats.Count - free;
        if (freedom < 1 || lack < 1) return null;
        var pure = repeats.Sum(cell => cell.Sum(i => Math.Pow(residuals[i] - cell.Average(j => residuals[j]), 2)));
        var f = (residuals.DotProduct(residuals) - pure) / lack / (pure / freedom);
        var times = $"{Math.Sqrt(Math.Max(f, 0)).Rounded(2)} times what repeated seeds scatter";
        return Test("pure-error", f, 1 - FisherSnedecor.CDF(lack, freedom, f), $"the law misses cells by {times}",
            $"the law misses cells by {times}, which luck may do");
    }

    // Squares and the product of log N and log D.
    private static ResidualCheck? Curvature(LawFit fit, Vector<double> residuals, Matrix<double> basis)
    {
        var (n, d) = (Centred(fit, row => Math.Log(row.N)), Centred(fit, row => Math.Log(row.D)));
        return Bend("curvature", [n.PointwiseMultiply(n), d.PointwiseMultiply(d), n.PointwiseMultiply(d)],
            fit, residuals, basis, "with N and D together");
    }

    private static ResidualCheck? Ratio(LawFit fit, Vector<double> residuals, Matrix<double> basis)
    {
        var ratio = Centred(fit, row => Math.Log(row.D / row.N));
        return Bend("ratio", [ratio.PointwiseMultiply(ratio)], fit, residuals, basis,
            "with tokens per parameter, at short or long training");
    }

    /// <summary>Whether some terms would explain residuals, by F against what is left between cells.</summary>
    private static ResidualCheck? Bend(string code, Vector<double>[] columns, LawFit fit, Vector<double> residuals,
        Matrix<double> basis, string along)
    {
        var roots = Vector<double>.Build.Dense([.. fit.Prepared.Weights.Select(Math.Sqrt)]);
        var terms = Left([.. columns.Select(roots.PointwiseMultiply)], basis);
        if (terms.Count == 0) return null;
        var explained = terms.Sum(term => Math.Pow(term.DotProduct(residuals), 2));
        var between = new SharedNoise(NoiseGroup.Cell, Cells.Of(fit.Prepared.Rows), residuals.AsArray(),
            basis.Append(Matrix<double>.Build.DenseOfColumnVectors(terms)));
        var freedom = between.Freedom;
        if (freedom < 1) return null;
        var rest = Math.Max(between.Squares, 1e-300);
        var f = explained / terms.Count / (rest / freedom);
        return Test(code, f, 1 - FisherSnedecor.CDF(terms.Count, freedom, f), $"residuals bend {along}",
            $"residuals do not clearly bend {along}");
    }

    /// <summary>
    /// The largest externally studentised residual, at a probability corrected for the number of runs.
    /// </summary>
    private static ResidualCheck? Outlier(LawFit fit, Vector<double> residuals, Matrix<double> basis)
    {
        var leverages = FitJacobian.Leverages(basis);
        var (squares, freedom) = (residuals.DotProduct(residuals), residuals.Count - basis.ColumnCount - 1);
        if (freedom < 2 || squares == 0) return null;
        double Studentised(int i)
        {
            var own = residuals[i] * residuals[i] / Math.Max(1 - leverages[i], 1e-6);
            return Math.Sign(residuals[i]) * Math.Sqrt(own / Math.Max((squares - own) / freedom, 1e-300));
        }
        var told = Enumerable.Range(0, residuals.Count).Where(i => leverages[i] < 0.99).ToList();
        if (told.Count == 0) return null;
        var largest = told.MaxBy(i => Math.Abs(Studentised(i)));
        var value = Studentised(largest);
        var row = fit.Prepared.Rows[largest];
        var run = $"{row.Label} ({row.Optimizer}, {row.Size}, D = {row.D.Rounded(3)})";
        // Beside fits without scatter there is no measure of it.
        var far = Math.Abs(value) > MostDeviations ? "more than a thousand" : Math.Abs(value).Rounded(2);
        var off = $"{far} deviations {(value > 0 ? "above" : "below")} the law";
        return Test("outlier", value, Math.Min(1, residuals.Count * 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(value))),
            $"{run} lies {off}", $"no run lies too far off; the farthest, {run}, lies {off}");
    }

    private static ResidualCheck? Correlation(LawFit fit)
    {
        var noise = NoiseModel.Of(fit);
        if (noise.FewestGroups is not { } groups) return null;
        var (run, cell, trunk) = noise.Variances;
        var shared = (cell + trunk) / (run + cell + trunk);
        var part = $"{shared.Rounded(2)} of the residuals' variance is shared by runs of a cell or trunk";
        return Test("cell-correlation", shared, noise.SharedProbability,
            $"{part}: they err together, so the number of runs overstates what is known ({groups} groups"
                + (groups < FewGroups ? ", fewer than eight: intervals rest on little)" : ")"),
            $"{part}, which luck may do");
    }

    // Residuals that are all zero, or all but, have no distribution to be held against.
    private static ResidualCheck? Test(string code, double statistic, double p, string poor, string good)
        => double.IsFinite(statistic) && double.IsFinite(p)
            ? new(code, statistic, p, p < Poor, $"{(p < Poor ? poor : good)} (p = {p.Rounded(2)})") : null;

    private static Vector<double> Centred(LawFit fit, Func<RunRow, double> value)
    {
        var values = Vector<double>.Build.Dense([.. fit.Prepared.Rows.Select(value)]);
        return values - values.Average();
    }

    /// <summary>
    /// What the fit has not explained already of some columns, made orthonormal; columns that it has are dropped.
    /// </summary>
    private static List<Vector<double>> Left(Vector<double>[] columns, Matrix<double> basis)
    {
        var kept = new List<Vector<double>>();
        foreach (var column in columns)
        {
            var left = column - basis * basis.TransposeThisAndMultiply(column);
            foreach (var other in kept) left -= other.DotProduct(left) * other;
            if (left.L2Norm() > 1e-6 * column.L2Norm()) kept.Add(left / left.L2Norm());
        }
        return kept;
    }
}
