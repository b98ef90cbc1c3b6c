using MathNet.Numerics.LinearAlgebra;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>What runs may have noise in common by.</summary>
internal enum NoiseGroup
{
    /// <summary>The same size and tokens.</summary>
    Cell,

    Trunk,
}

/// <summary>
/// The mean square of the residuals' group means: what it is, and what each part of the noise adds to it. With Q an
/// orthonormal basis of the fit's derivatives, M = I − QQᵀ, Z the groups' indicators, P the projection on group
/// means and W = ZᵀQ, the squares rᵀPr expect σ² tr(PM) + Σ_l σ_l² tr(P M Z_l Z_lᵀ M).
/// </summary>
internal sealed class SharedNoise
{
    private readonly Vector<double> _counts;
    private readonly Matrix<double> _taken;

    /// <summary>The mean squares of one grouping.</summary>
    /// <param name="groupOf">The group of each run, from 0.</param>
    /// <param name="basis">Q, one row for each run.</param>
    public SharedNoise(NoiseGroup group, int[] groupOf, double[] residuals, Matrix<double> basis)
    {
        (Group, GroupOf, Groups) = (group, groupOf, groupOf.Max() + 1);
        _counts = Vector<double>.Build.Dense(Groups);
        _taken = GroupSums(groupOf, basis);
        var sums = new double[Groups];
        for (var i = 0; i < groupOf.Length; i++)
        {
            var own = groupOf[i];
            _counts[own]++;
            sums[own] += residuals[i];
        }
        Squares = sums.Select((sum, own) => sum * sum / _counts[own]).Sum();
        Freedom = Groups - _taken.EnumerateRowsIndexed()
            .Sum(row => row.Item2.DotProduct(row.Item2) / _counts[row.Item1]);
        TotalMultiplicity = groupOf.Length - _taken.PointwiseMultiply(_taken).ColumnSums().Sum();
    }

    /// <summary>ZᵀX: the sum of each group's rows.</summary>
    internal static Matrix<double> GroupSums(int[] groupOf, Matrix<double> rows)
    {
        var sums = Matrix<double>.Build.Dense(groupOf.Max() + 1, rows.ColumnCount);
        for (var i = 0; i < groupOf.Length; i++) sums.SetRow(groupOf[i], sums.Row(groupOf[i]) + rows.Row(i));
        return sums;
    }

    public NoiseGroup Group { get; }

    public int[] GroupOf { get; }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; }

    /// <summary>rᵀPr.</summary>
    public double Squares { get; }

    /// <summary>tr(PM): groups, less what the fit took from them.</summary>
    public double Freedom { get; }

    /// <summary>What this part's variance adds to the sum of all squares: tr(M ZZᵀ).</summary>
    public double TotalMultiplicity { get; }

    /// <summary>What another part's variance adds to these squares: tr(P M Z_l Z_lᵀ M).</summary>
    public double Multiplicity(SharedNoise other)
    {
        var together = Enumerable.Range(0, GroupOf.Length).GroupBy(i => (Own: GroupOf[i], Other: other.GroupOf[i]))
            .Select(pair => (pair.Key.Own, pair.Key.Other, Count: (double)pair.Count())).ToList();
        var counted = together.Sum(pair => pair.Count * pair.Count / _counts[pair.Own]);
        var crossed = together.Sum(pair
            => pair.Count / _counts[pair.Own] * _taken.Row(pair.Own).DotProduct(other._taken.Row(pair.Other)));
        var weighted = Matrix<double>.Build.DiagonalOfDiagonalVector(1 / _counts) * _taken;
        var removed = (_taken.TransposeThisAndMultiply(weighted) * other._taken.TransposeThisAndMultiply(other._taken))
            .Trace();
        return counted - 2 * crossed + removed;
    }
}
