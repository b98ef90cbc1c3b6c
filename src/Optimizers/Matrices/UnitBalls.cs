using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>The norms whose unit balls Scion's steps are taken from (Pethick et al., arXiv 2502.07529, table 2 and its
/// reference code).</summary>
public enum ScionNorm
{
    /// <summary>Spectral for matrices and convolutions, BiasRms for vectors.</summary>
    Auto,

    /// <summary>Spectral norm between RMS norms: NewtonSchulz(B)·√(m/n).</summary>
    Spectral,

    /// <summary>Largest entry: sign(B)/n.</summary>
    Sign,

    /// <summary>Columns of RMS 1: for embeddings stored [features, tokens], or transposed.</summary>
    ColNorm,

    /// <summary>Rows of norm 1/√n.</summary>
    RowNorm,

    /// <summary>Vectors of RMS 1.</summary>
    BiasRms,
}

/// <summary>How a norm is taken.</summary>
/// <param name="Norm">The norm, not <see cref="ScionNorm.Auto"/>.</param>
/// <param name="Normalized">Whether dimensions scale the ball as the norm's definition says.</param>
/// <param name="Transpose">ColNorm and RowNorm act on the transpose.</param>
/// <param name="AtLeastOne">Spectral's √(m/n) is raised to at least 1.</param>
/// <param name="Epsilon">Keeps norms of rows, columns and vectors from zero.</param>
internal sealed record UnitBall(ScionNorm Norm, bool Normalized, bool Transpose, bool AtLeastOne, double Epsilon);

/// <summary>Linear minimisation over the unit balls, and points on their spheres to start from.</summary>
internal static class UnitBalls
{
    /// <summary>The direction to subtract: the point of the ball that is furthest along a tensor.</summary>
    /// <param name="isStack">Whether the tensor is a stack of matrices [K, rows, columns], each with a point of its
    /// own.</param>
    public static Tensor Furthest(UnitBall ball, Tensor tensor, bool isStack, OrthogonalisationOptions options)
    {
        using var scope = NewDisposeScope();
        if (ball.Norm == ScionNorm.BiasRms || tensor.Dimensions < 2 && ball.Norm is not ScionNorm.Sign)
            return tensor.div(Rms(tensor).add_(ball.Epsilon)).MoveToOuterDisposeScope();
        var matrix_MN = isStack ? tensor : tensor.view(tensor.size(0), -1);
        var result_MN = ball.Norm switch
        {
            ScionNorm.Spectral => NewtonSchulz.Orthogonalise(matrix_MN, options)
                .mul_(SpectralFactor(ball, isStack ? tensor.shape[1..] : tensor.shape)),
            ScionNorm.Sign => ball.Normalized ? matrix_MN.sign().div_(matrix_MN.size(-1)) : matrix_MN.sign(),
            _ when ball.Transpose => AlongLines(ball, matrix_MN.mT).mT.contiguous(),
            _ => AlongLines(ball, matrix_MN),
        };
        return result_MN.view(tensor.shape).MoveToOuterDisposeScope();
    }

    /// <summary>A random point on the sphere (zero for vectors), as the reference initialises weights, drawn in double
    /// precision.</summary>
    public static double[] Start(UnitBall ball, long[] shape, Random random)
    {
        var rows = shape[0];
        var columns = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        using var scope = NewDisposeScope();
        if (ball.Norm == ScionNorm.BiasRms || shape.Length < 2) return new double[rows * columns];
        if (ball.Norm == ScionNorm.Sign)
            return [.. Enumerable.Range(0, (int)(rows * columns))
                .Select(_ => (random.Next(2) * 2 - 1) / (ball.Normalized ? (double)columns : 1))];
        var normal_MN = tensor([.. Enumerable.Range(0, (int)(rows * columns)).Select(_ => Normal(random))],
            [rows, columns], ScalarType.Float64);
        var start_MN = ball.Norm == ScionNorm.Spectral ? Orthogonal(normal_MN).mul(SpectralFactor(ball, shape))
            : ball.Transpose ? AlongLines(ball, normal_MN.mT).mT : AlongLines(ball, normal_MN);
        return start_MN.contiguous().data<double>().ToArray();
    }

    private static Tensor AlongLines(UnitBall ball, Tensor matrix_MN)
    {
        var (rows, columns) = (matrix_MN.size(-2), matrix_MN.size(-1));
        if (ball.Norm == ScionNorm.RowNorm)
        {
            var row_M1 = linalg.vector_norm(matrix_MN, 2, [-1], keepdim: true);
            return matrix_MN.div((ball.Normalized ? row_M1.mul(Math.Sqrt(columns)) : row_M1).add_(ball.Epsilon));
        }
        var rms_1N = linalg.vector_norm(matrix_MN, 2, [-2], keepdim: true).div(Math.Sqrt(rows));
        return matrix_MN.div((ball.Normalized ? rms_1N.mul(columns) : rms_1N).add_(ball.Epsilon));
    }

    /// <summary>√(m/n), for convolutions √(o/i)/k per spatial dimension.</summary>
    public static double SpectralFactor(UnitBall ball, long[] shape)
    {
        if (!ball.Normalized) return Math.Sqrt(shape[0]);
        var ratio = Math.Sqrt(shape[0] / (double)shape[1]);
        var kernel = shape.Length < 3 ? 1 : Math.Pow(shape[2], shape.Length - 2);
        return (ball.AtLeastOne ? Math.Max(1, ratio) : ratio) / kernel;
    }

    private static Tensor Orthogonal(Tensor normal_MN)
    {
        var isWide = normal_MN.size(0) < normal_MN.size(1);
        var (q, r) = linalg.qr(isWide ? normal_MN.mT : normal_MN);
        // The signs of R's diagonal make the distribution uniform.
        var uniform = q.mul(r.diagonal().sign());
        return isWide ? uniform.mT : uniform;
    }

    private static Tensor Rms(Tensor tensor) => tensor.mul(tensor).mean().sqrt_();

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
