using PretrainBench.Core;

namespace PretrainBench.Theory.Phases;

/// <summary>The joint Gaussian of features and target for one sampled sketch W ∈ R^{v×d} with entries N(0,
/// 1/d).</summary>
/// <param name="Covariance">K = WᵀDW [d, d], row by row.</param>
/// <param name="Slopes">WᵀDb, the covariance of features and target.</param>
/// <param name="TargetVariance">⟨b, Db⟩, the loss at θ = 0.</param>
internal sealed record SketchGram(double[] Covariance, double[] Slopes, double TargetVariance)
{
    private const int BlockRows = 1024;

    public int Width => Slopes.Length;

    /// <summary>Draws W row block by row block; it is never held whole.</summary>
    public static SketchGram Draw(PowerLawPoint point, int width, int features, ulong seed, int index)
    {
        using var oneThread = LinearAlgebra.EnterOneThread();
        using var gram = TorchSharp.torch.zeros(width, width, dtype: TorchSharp.torch.float64);
        var source = new NormalSource(seed, $"phases:sketch:{width}", index);
        var slopes = new double[width];
        var block = new double[Math.Min(BlockRows, features) * width];
        for (var first = 0; first < features; first += BlockRows)
        {
            var rows = Math.Min(BlockRows, features - first);
            var values = block.AsSpan(0, rows * width);
            source.Fill(values);
            for (var row = 0; row < rows; row++)
                ScaleRow(values.Slice(row * width, width), point, first + row + 1, slopes);
            using var scaled = LinearAlgebra.Matrix(values, rows, width);
            using var transposed = scaled.t();
            gram.addmm_(transposed, scaled);
        }
        double variance = 0;
        for (var j = features; j >= 1; j--) variance += Math.Pow(j, -2 * (point.Alpha + point.Beta));
        return new SketchGram(LinearAlgebra.Values(gram), slopes, variance);
    }

    // Turns a row of normals into row j of D^½W, and adds its part of WᵀDb = (D^½W)ᵀ D^½b.
    private static void ScaleRow(Span<double> row, PowerLawPoint point, int j, double[] slopes)
    {
        double scale = Math.Pow(j, -point.Alpha) / Math.Sqrt(row.Length),
            target = Math.Pow(j, -point.Alpha - point.Beta);
        for (var i = 0; i < row.Length; i++)
        {
            row[i] *= scale;
            slopes[i] += row[i] * target;
        }
    }
}
