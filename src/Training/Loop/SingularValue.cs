using PretrainBench.Torch;

namespace PretrainBench.Training.Loop;

/// <summary>The largest singular value of a matrix by Golub and Kahan's bidiagonalisation: a few products with the
/// matrix and its transpose, as for as many power iterations, but of all their vectors it takes the best. From the same
/// start each time, so that the value follows from the matrix alone.</summary>
internal sealed class SingularValue : IDisposable
{
    /// <summary>How many numbers <see cref="Bidiagonal"/> has.</summary>
    public const int Numbers = 2 * Steps - 1;

    private const int Steps = 24;

    private readonly Tensor _matrix_OI, _start_I;

    public SingularValue(Tensor matrix_OI, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        _matrix_OI = matrix_OI;
        var random_I = empty(new[] { matrix_OI.shape[1] }, dtype: ScalarType.Float32).normal_(0, 1, generator);
        _start_I = Unit(random_I).Vector.to(matrix_OI.dtype, matrix_OI.device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>The diagonal and what is above it, in turns, on the matrix's device.</summary>
    public Tensor Bidiagonal()
    {
        using var scope = NewDisposeScope();
        var right_I = _start_I;
        var (left_O, length) = Unit(_matrix_OI.mv(right_I));
        var lengths = new List<Tensor> { length };
        while (lengths.Count < Numbers)
        {
            (right_I, var above) = Unit(_matrix_OI.t().mv(left_O) - lengths[^1] * right_I);
            (left_O, length) = Unit(_matrix_OI.mv(right_I) - above * left_O);
            lengths.AddRange([above, length]);
        }
        return scope.MoveToOuter(stack(lengths));
    }

    /// <summary>The value, from below.</summary>
    /// <param name="bidiagonal">The numbers of <see cref="Bidiagonal"/>.</param>
    public static double Largest(ReadOnlySpan<double> bidiagonal)
    {
        using var scope = NewDisposeScope();
        var small = new double[Steps, Steps];
        for (var i = 0; i < Numbers; i++) small[i / 2, (i + 1) / 2] = bidiagonal[i];
        return linalg.svdvals(tensor(small))[0].ReadNumber();
    }

    public void Dispose() => _start_I.Dispose();

    // Zeros stay zeros: where the matrix has no further direction.
    private static (Tensor Vector, Tensor Length) Unit(Tensor vector)
    {
        var length = linalg.vector_norm(vector);
        return (vector / length.clamp(min: 1e-30), length);
    }
}
