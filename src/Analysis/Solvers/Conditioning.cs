using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Condition numbers and correlations at a solution, from the Gauss-Newton matrix JᵀJ in (E, log coefficients,
/// exponents, the joining's own parameter).</summary>
internal static class Conditioning
{
    private const double Worst = 1e16;

    public static FitDiagnostics Describe(PreparedFit fit, FitPart part, PartSolution solution, LawModel model)
    {
        var unknowns = Unknowns(fit, part, model);
        var derivatives = Derivatives(fit, part, model);
        var information = derivatives.TransposeThisAndMultiply(derivatives);
        // What the predictions do not move with, or by more than a double holds, has no condition.
        var kept = Enumerable.Range(0, unknowns.Length)
            .Where(i => information[i, i] is > 0 and < double.PositiveInfinity).ToArray();
        if (kept.Length == 0) return Plain(fit, part, solution, unknowns);
        var matrix = Matrix<double>.Build.Dense(kept.Length, kept.Length, (i, j) => information[kept[i], kept[j]]);
        var scale = kept.Select(i => unknowns[i].Natural).ToArray();
        var natural =
            Matrix<double>.Build.Dense(kept.Length, kept.Length, (i, j) => matrix[i, j] / (scale[i] * scale[j]));
        var names = kept.Select(i => unknowns[i].Name).ToArray();
        var (reported, transform) = RhoTransform.Create(fit, part, model, names);
        var covariance = transform * PseudoInverse(matrix) * transform.Transpose();
        return Plain(fit, part, solution, unknowns) with
        {
            ConditionNumber = ConditionNumber(natural),
            ConditionNumberOfExponents = ConditionNumber(Exponents(matrix, names)),
            Parameters = reported,
            Correlations = Correlations(covariance),
        };
    }

    // What the solver says; the worst condition until it is known.
    private static FitDiagnostics Plain(PreparedFit fit, FitPart part, PartSolution solution,
        (string Name, double Natural, double Value)[] unknowns) => new()
        {
            Optimizers = [.. part.Optimizers.Select(o => fit.Optimizers[o])],
            Objective = solution.Objective,
            Converged = solution.Converged,
            Iterations = solution.Iterations,
            Starts = solution.Starts,
            AgreeingStarts = solution.Agreeing,
            BoundsHit = BoundsHit(part, solution, unknowns),
            ConditionNumber = Worst,
            ConditionNumberOfExponents = Worst,
            Parameters = [],
            Correlations = [],
        };

    /// <summary>J of one part, a row for each run, in (E, log a, log b, alpha, beta, shape) at a model, by the roots
    /// of the runs' weights; residuals of the log loss for robust solvers.</summary>
    internal static Matrix<double> Derivatives(PreparedFit fit, FitPart part, LawModel model)
    {
        var derivatives = FitJacobian.Of(fit, part, model);
        var byLog = Vector<double>.Build.Dense(part.Unknowns, 1);
        for (var g = 0; g < part.Optimizers.Length; g++)
        {
            var own = model.Coefficients(part.Optimizers[g]);
            if (part.Data.Column[3 * g + 1] is >= 0 and var a) byLog[a] = own.A;
            if (part.Data.Column[3 * g + 2] is >= 0 and var b) byLog[b] = own.B;
        }
        var inLogLoss = fit.Options.Solver != SolverKind.LeastSquares;
        for (var i = 0; i < fit.Rows.Count; i++)
            derivatives.SetRow(i, derivatives.Row(i).PointwiseMultiply(byLog)
                / (inLogLoss ? model.Predict(fit.Rows[i]) : 1));
        return derivatives;
    }

    /// <summary>The names of the solver's unknowns, and what turns a logarithm into the natural parameter.</summary>
    internal static (string Name, double Natural, double Value)[] Unknowns(PreparedFit fit, FitPart part,
        LawModel model)
    {
        var unknowns = new (string, double, double)[part.Unknowns];
        var several = part.Optimizers.Length > 1;
        for (var g = part.Optimizers.Length - 1; g >= 0; g--)
        {
            var own = model.Coefficients(part.Optimizers[g]);
            var of = fit.Optimizers[part.Optimizers[g]];
            Put(part.Data.Column[3 * g], "E", fit.Law.Floor, 1, own.E);
            Put(part.Data.Column[3 * g + 1], "A", fit.Law.First, own.A, own.A);
            Put(part.Data.Column[3 * g + 2], "B", fit.Law.Second, own.B, own.B);

            void Put(int column, string name, Sharing sharing, double natural, double value)
            {
                if (column >= 0)
                    unknowns[column] =
                        (several && sharing == Sharing.PerOptimizer ? $"{name}[{of}]" : name, natural, value);
            }
        }
        unknowns[part.Data.Columns] = ("alpha", 1, double.NaN);
        unknowns[part.Data.Columns + 1] = ("beta", 1, double.NaN);
        if (fit.Law.HasShape) unknowns[^1] = (JoinedPowers.ShapeName(part.Joining), 1, double.NaN);
        return unknowns;
    }

    /// <summary>Inverse over the directions that the data determine.</summary>
    internal static Matrix<double> PseudoInverse(Matrix<double> matrix)
    {
        // Scaling to a unit diagonal first keeps small but well-determined directions.
        var scale = matrix.Diagonal().Map(d => 1 / Math.Sqrt(d));
        var scaled = Matrix<double>.Build.Dense(matrix.RowCount, matrix.ColumnCount,
            (i, j) => matrix[i, j] * scale[i] * scale[j]);
        // Derivatives too large or small for a double determine no direction.
        if (!IsFinite(scaled)) return Matrix<double>.Build.Dense(matrix.RowCount, matrix.ColumnCount);
        var evd = scaled.Evd(Symmetricity.Symmetric);
        var largest = evd.EigenValues.Real().Maximum();
        var inverse = Matrix<double>.Build.DiagonalOfDiagonalVector(evd.EigenValues.Real()
            .Map(l => l > 1e-14 * largest ? 1 / l : 0, Zeros.Include));
        var result = evd.EigenVectors * inverse * evd.EigenVectors.Transpose();
        return Matrix<double>.Build.Dense(matrix.RowCount, matrix.ColumnCount,
            (i, j) => result[i, j] * scale[i] * scale[j]);
    }

    private static Matrix<double> Exponents(Matrix<double> matrix, string[] names)
    {
        var exponents = Enumerable.Range(0, names.Length).Where(i => names[i] is "alpha" or "beta").ToArray();
        if (exponents.Length == 0) return Matrix<double>.Build.DenseIdentity(1);
        var inverse = PseudoInverse(matrix);
        return Matrix<double>.Build.Dense(exponents.Length, exponents.Length,
            (i, j) => inverse[exponents[i], exponents[j]]);
    }

    private static bool IsFinite(Matrix<double> matrix) => matrix.Enumerate().All(double.IsFinite);

    private static double ConditionNumber(Matrix<double> matrix)
    {
        if (!IsFinite(matrix)) return Worst;
        var values = matrix.Evd(Symmetricity.Symmetric).EigenValues.Real();
        double largest = values.Maximum(), smallest = values.Minimum();
        return smallest > largest / Worst ? largest / smallest : Worst;
    }

    private static List<IReadOnlyList<double>> Correlations(Matrix<double> covariance)
        => [.. Enumerable.Range(0, covariance.RowCount)
            .Select(i => (IReadOnlyList<double>)[.. Enumerable.Range(0, covariance.ColumnCount)
            .Select(j => i == j ? 1 : covariance[i, j] / Math.Sqrt(covariance[i, i] * covariance[j, j]))])];

    private static List<string> BoundsHit(FitPart part, PartSolution solution,
        (string Name, double Natural, double Value)[] unknowns)
    {
        var hit = unknowns.Where(unknown => unknown.Value == 0).Select(unknown => $"{unknown.Name} = 0").ToList();
        void Exponent(string name, double value)
        {
            if (value <= VariableProjection.LowestExponent * (1 + 1e-6))
                hit.Add($"{name} = {VariableProjection.LowestExponent}");
            if (value >= VariableProjection.HighestExponent * (1 - 1e-6))
                hit.Add($"{name} = {VariableProjection.HighestExponent}");
        }
        Exponent("alpha", solution.Alpha);
        if (part.Data.HasSecond) Exponent("beta", solution.Beta);
        return hit;
    }
}
