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
/// What the residuals say of noise that runs of a group share: their squares in the directions by which groups differ
/// once the fit's derivatives, and what earlier parts took, are removed (Henderson 1953, method 3). Directions of
/// different parts are orthogonal, so that their squares are independent and each can be drawn by itself.
/// </summary>
internal sealed class SharedNoise
{
    // A direction of which the fit leaves less than this says little of the groups, and is left to the runs' own noise.
    private const double LeastShareLeft = 0.1;

    private readonly Matrix<double> _directions;

    /// <summary>The squares of one grouping.</summary>
    /// <param name="groupOf">The group of each run, from 0.</param>
    /// <param name="taken">An orthonormal basis of what is removed, one row for each run.</param>
    public SharedNoise(NoiseGroup group, int[] groupOf, double[] residuals, Matrix<double> taken)
    {
        (Group, GroupOf, Groups) = (group, groupOf, groupOf.Max() + 1);
        var counts = new double[Groups];
        foreach (var own in groupOf) counts[own]++;
        var indicators = Matrix<double>.Build.Dense(groupOf.Length, Groups,
            (i, own) => groupOf[i] == own ? 1 / Math.Sqrt(counts[own]) : 0);
        var left = indicators - taken * taken.TransposeThisAndMultiply(indicators);
        var eigen = left.TransposeThisAndMultiply(left).Evd(Symmetricity.Symmetric);
        double[] shares = [.. eigen.EigenValues.Select(value => value.Real)];
        int[] kept = [.. Enumerable.Range(0, Groups).Where(k => shares[k] > LeastShareLeft)];
        Freedom = kept.Length;
        _directions = left * Matrix<double>.Build.Dense(Groups, kept.Length,
            (own, k) => eigen.EigenVectors[own, kept[k]] / Math.Sqrt(shares[kept[k]]));
        Squares = _directions.TransposeThisAndMultiply(Vector<double>.Build.Dense(residuals)).Sum(x => x * x);
    }

    public NoiseGroup Group { get; }

    public int[] GroupOf { get; }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; }

    /// <summary>How many directions are left.</summary>
    public int Freedom { get; }

    /// <summary>The residuals' squares in them.</summary>
    public double Squares { get; }

    /// <summary>A basis of what was removed before, and of these directions.</summary>
    public Matrix<double> With(Matrix<double> taken) => taken.Append(_directions);

    /// <summary>Draws the means of groups together, as a covariance within groups below zero does.</summary>
    /// <param name="noise">Of each run, independent.</param>
    /// <param name="share">How far below zero it is, in variances of a run.</param>
    public void DrawTogether(double[] noise, double share)
    {
        var (sums, counts) = (new double[Groups], new int[Groups]);
        for (var i = 0; i < noise.Length; i++)
        {
            sums[GroupOf[i]] += noise[i];
            counts[GroupOf[i]]++;
        }
        for (var i = 0; i < noise.Length; i++)
        {
            var count = counts[GroupOf[i]];
            noise[i] -= (1 - Math.Sqrt(Math.Max(1 - count * share, 0))) * sums[GroupOf[i]] / count;
        }
    }

    /// <summary>What a part's variance adds to these squares.</summary>
    public double Multiplicity(SharedNoise part) => GroupSums(part.GroupOf, _directions).Enumerate().Sum(x => x * x);

    /// <summary>What this part's variance adds to the sum of all squares that the fit left.</summary>
    /// <param name="basis">The fit's derivatives, orthonormal.</param>
    public double TotalMultiplicity(Matrix<double> basis)
        => GroupOf.Length - GroupSums(GroupOf, basis).Enumerate().Sum(x => x * x);

    /// <summary>ZᵀX: the sum of each group's rows.</summary>
    internal static Matrix<double> GroupSums(int[] groupOf, Matrix<double> rows)
    {
        var sums = Matrix<double>.Build.Dense(groupOf.Max() + 1, rows.ColumnCount);
        for (var i = 0; i < groupOf.Length; i++) sums.SetRow(groupOf[i], sums.Row(groupOf[i]) + rows.Row(i));
        return sums;
    }
}
