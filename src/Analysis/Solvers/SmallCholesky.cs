namespace PretrainBench.Analysis.Solvers;

/// <summary>Cholesky factorisation of small symmetric matrices in flat row-major arrays; nothing is
/// allocated.</summary>
internal static class SmallCholesky
{
    // A pivot below this part of its diagonal entry counts as zero: the column depends on earlier ones.
    private const double DependentPivot = 1e-13;

    /// <summary>Factors the leading <paramref name="n"/> rows of <paramref name="matrix"/> (lower triangle, row length
    /// <paramref name="stride"/>) in place. False when the matrix is not positive definite.</summary>
    public static bool TryFactor(Span<double> matrix, int n, int stride)
    {
        for (var j = 0; j < n; j++)
        {
            var pivot = Pivot(matrix, j, stride);
            if (!(pivot > DependentPivot * matrix[j * stride + j])) return false;
            Eliminate(matrix, n, stride, j, Math.Sqrt(pivot));
        }
        return true;
    }

    /// <summary>As <see cref="TryFactor"/>, but a dependent column gets a pivot of infinity, which makes its unknown
    /// zero.</summary>
    public static void FactorDroppingDependent(Span<double> matrix, int n, int stride)
    {
        for (var j = 0; j < n; j++)
        {
            var pivot = Pivot(matrix, j, stride);
            var independent = pivot > DependentPivot * matrix[j * stride + j];
            Eliminate(matrix, n, stride, j, independent ? Math.Sqrt(pivot) : double.PositiveInfinity);
        }
    }

    /// <summary>Solves with a factor made by the methods above; <paramref name="x"/> holds the right side, then the
    /// solution.</summary>
    public static void Solve(ReadOnlySpan<double> factor, int n, int stride, Span<double> x)
    {
        for (var i = 0; i < n; i++)
        {
            var sum = x[i];
            for (var k = 0; k < i; k++) sum -= factor[i * stride + k] * x[k];
            x[i] = sum / factor[i * stride + i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            var sum = x[i];
            for (var k = i + 1; k < n; k++) sum -= factor[k * stride + i] * x[k];
            x[i] = sum / factor[i * stride + i];
        }
    }

    private static double Pivot(ReadOnlySpan<double> matrix, int j, int stride)
    {
        var pivot = matrix[j * stride + j];
        for (var k = 0; k < j; k++) pivot -= matrix[j * stride + k] * matrix[j * stride + k];
        return pivot;
    }

    private static void Eliminate(Span<double> matrix, int n, int stride, int j, double root)
    {
        matrix[j * stride + j] = root;
        for (var i = j + 1; i < n; i++)
        {
            var sum = matrix[i * stride + j];
            for (var k = 0; k < j; k++) sum -= matrix[i * stride + k] * matrix[j * stride + k];
            matrix[i * stride + j] = sum / root;
        }
    }
}
