using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>The derivatives of a fit's predictions by its unknowns, one row for each run, times the root of its
/// weight.</summary>
internal static class FitJacobian
{
    private const double Undetermined = 1e-12;

    /// <summary>Orthonormal columns that span the derivatives: as many as the runs determine unknowns.</summary>
    public static Matrix<double> Basis(LawFit fit) => Basis(Of(fit));

    /// <summary>The same at any model of the law.</summary>
    public static Matrix<double> Basis(PreparedFit fit, LawModel model) => Basis(Of(fit, model));

    /// <summary>The length of what no other unknown explains of the derivative by one part's gamma; 0 where all is.
    /// </summary>
    public static double GammaAlone(LawFit fit, int part)
    {
        var jacobian = Of(fit);
        var column = fit.Prepared.Parts.Take(part + 1).Sum(own => own.Unknowns) - 1;
        var (gamma, others) = (jacobian.Column(column), Basis(jacobian.RemoveColumn(column)));
        return (gamma - others * others.TransposeThisAndMultiply(gamma)).L2Norm();
    }

    private static Matrix<double> Basis(Matrix<double> jacobian)
    {
        var scale = jacobian.ColumnNorms(2).Map(norm => norm > 0 ? 1 / norm : 0, Zeros.Include);
        var scaled = jacobian * Matrix<double>.Build.DiagonalOfDiagonalVector(scale);
        // Derivatives that are all zero, or too large for a double, span nothing.
        var nothing = Matrix<double>.Build.Dense(jacobian.RowCount, 1);
        if (!scaled.Enumerate().All(double.IsFinite)) return nothing;
        var evd = scaled.TransposeThisAndMultiply(scaled).Evd(Symmetricity.Symmetric);
        var values = evd.EigenValues.Map(value => value.Real);
        int[] kept = [.. Enumerable.Range(0, values.Count).Where(i => values[i] > Undetermined * values.Maximum())];
        if (kept.Length == 0) return nothing;
        var directions = Matrix<double>.Build.DenseOfColumnVectors(
            kept.Select(i => evd.EigenVectors.Column(i) / Math.Sqrt(values[i])));
        return scaled * directions;
    }

    /// <summary>Each run's share in its own prediction, between 0 and 1 (the diagonal of the hat matrix).</summary>
    public static double[] Leverages(Matrix<double> basis)
        => [.. basis.EnumerateRows().Select(row => Math.Min(row.DotProduct(row), 1))];

    private static Matrix<double> Of(LawFit fit) => Of(fit.Prepared, fit.Model);

    private static Matrix<double> Of(PreparedFit prepared, LawModel model)
        => prepared.Parts.Select(part => Of(prepared, part, model)).Aggregate((all, next) => all.Append(next));

    /// <summary>The derivatives by one part's unknowns: coefficients, exponents, shape.</summary>
    public static Matrix<double> Of(PreparedFit prepared, FitPart part, LawModel model)
    {
        var jacobian = Matrix<double>.Build.Dense(prepared.Rows.Count, part.Unknowns);
        var columns = part.Data.Columns;
        Span<double> slope = stackalloc double[FitData.LocalSize + 1];
        for (var i = 0; i < prepared.Rows.Count; i++)
        {
            var g = Array.IndexOf(part.Optimizers, prepared.Group[i]);
            if (g < 0) continue;
            prepared.Gradient(i, model.Coefficients(prepared.Group[i]), slope);
            // A term that is zero has no exponent, and no derivative that would mean something.
            var root = Math.Sqrt(prepared.Weights[i]);
            foreach (ref var value in slope) value = double.IsFinite(value) ? root * value : 0;
            for (var k = 0; k < 3; k++)
                if (part.Data.Column[3 * g + k] is >= 0 and var column) jacobian[i, column] += slope[k];
            jacobian[i, columns] = slope[3];
            jacobian[i, columns + 1] = slope[4];
            if (part.Joining != Joining.Sum) jacobian[i, columns + 2] = slope[5];
        }
        return jacobian;
    }
}
