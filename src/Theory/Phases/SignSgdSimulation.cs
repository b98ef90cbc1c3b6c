using MathNet.Numerics.LinearAlgebra.Double;
using PretrainBench.Core;

namespace PretrainBench.Theory.Phases;

/// <summary>Sign SGD, θ −= γ sign(g), batch 1 (arXiv 2603.02069). The sign acts on the coordinates of θ, not of the
/// eigenbasis, so a sample needs the features themselves: ψ = Lz with the Cholesky factor of K, O(d²) per step where
/// SGD costs O(d).</summary>
internal sealed class SignSgdSimulation
{
    private readonly double[][] _factor;
    private readonly double[] _optimum;
    private readonly double _irreducible;

    public SignSgdSimulation(SketchGram gram)
    {
        var width = gram.Width;
        var covariance = DenseMatrix.Build.Dense(width, width, gram.Covariance);
        var cholesky = covariance.Cholesky();
        var slopes = DenseVector.Build.DenseOfArray(gram.Slopes);
        var optimum = cholesky.Solve(slopes);
        _optimum = optimum.ToArray();
        _irreducible = Math.Max(0, gram.TargetVariance - slopes.DotProduct(optimum));
        _factor = [.. Enumerable.Range(0, width).Select(i => cholesky.Factor.Row(i, 0, i + 1).ToArray())];
    }

    /// <summary>The population loss after T steps from 0 with step size γ falling linearly to 0.</summary>
    public double Train(double gamma, int steps, NormalSource source, CancellationToken cancellation)
    {
        var width = _optimum.Length;
        var error = Array.ConvertAll(_optimum, value => -value);
        var (normals, features) = (new double[width + 1], new double[width]);
        var noise = Math.Sqrt(_irreducible);
        for (var step = 0; step < steps; step++)
        {
            if (step % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            source.Fill(normals);
            for (var i = 0; i < width; i++) features[i] = Dot(_factor[i], normals);
            var residual = Dot(features, error) - noise * normals[width];
            var size = gamma * (1 - (double)step / steps) * Math.Sign(residual);
            for (var i = 0; i < width; i++) error[i] -= size * Math.Sign(features[i]);
        }
        return Loss(error);
    }

    // (θ−θ*)ᵀK(θ−θ*) + irreducible = ‖Lᵀ(θ−θ*)‖² + irreducible.
    private double Loss(double[] error)
    {
        var projected = new double[error.Length];
        for (var i = 0; i < error.Length; i++)
            for (var j = 0; j <= i; j++) projected[j] += _factor[i][j] * error[i];
        return _irreducible + projected.Sum(value => value * value);
    }

    private static double Dot(double[] row, double[] other)
    {
        var vectorized = row.Length / System.Numerics.Vector<double>.Count * System.Numerics.Vector<double>.Count;
        var sum = System.Numerics.Vector<double>.Zero;
        for (var i = 0; i < vectorized; i += System.Numerics.Vector<double>.Count)
            sum += new System.Numerics.Vector<double>(row, i) * new System.Numerics.Vector<double>(other, i);
        var total = System.Numerics.Vector.Sum(sum);
        for (var i = vectorized; i < row.Length; i++) total += row[i] * other[i];
        return total;
    }
}
