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
    /// zero. Zeros before a row's first entry stay zeros and cost nothing: unknowns that meet few others go first.
    /// </summary>
    /// <param name="first">Filled with each row's first entry that is not zero.</param>
    public static void FactorDroppingDependent(Span<double> matrix, int n, int stride, Span<int> first)
    {
        for (var i = 0; i < n; i++)
        {
            first[i] = 0;
            while (first[i] < i && matrix[i * stride + first[i]] == 0) first[i]++;
        }
        for (var j = 0; j < n; j++)
        {
            var own = Row(matrix, j, stride, first[j], j);
            var pivot = matrix[j * stride + j] - Dot(own, own);
            var independent = pivot > DependentPivot * matrix[j * stride + j];
            var root = matrix[j * stride + j] = independent ? Math.Sqrt(pivot) : double.PositiveInfinity;
            for (var i = j + 1; i < n; i++)
            {
                if (first[i] > j) continue;
                var start = Math.Max(first[i], first[j]);
                matrix[i * stride + j] = (matrix[i * stride + j]
                    - Dot(Row(matrix, i, stride, start, j), Row(matrix, j, stride, start, j))) / root;
            }
        }
    }

    /// <summary>Solves with the factor and the first entries of <see cref="FactorDroppingDependent"/>.</summary>
    public static void Solve(ReadOnlySpan<double> factor, int n, int stride, Span<double> x, ReadOnlySpan<int> first)
    {
        for (var i = 0; i < n; i++)
            x[i] = (x[i] - Dot(factor.Slice(i * stride + first[i], i - first[i]), x[first[i]..i]))
                / factor[i * stride + i];
        for (var i = n - 1; i >= 0; i--)
        {
            x[i] /= factor[i * stride + i];
            for (var k = first[i]; k < i; k++) x[k] -= factor[i * stride + k] * x[i];
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

    private static ReadOnlySpan<double> Row(ReadOnlySpan<double> matrix, int i, int stride, int start, int end)
        => matrix[(i * stride + start)..(i * stride + end)];

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (var k = 0; k < left.Length; k++) sum += left[k] * right[k];
        return sum;
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
