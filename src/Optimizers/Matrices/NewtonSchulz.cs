using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>
/// The nearest (semi-)orthogonal matrix, approximately: X₀ = u/(κ‖u‖ + ε), then per step A = XXᵀ and X ← aX + (bA + cA²)X
/// (Jordan, Muon; the sets in <see cref="CoefficientSet"/>). Works on the smaller side; zero stays zero.
/// </summary>
public static class NewtonSchulz
{
    /// <summary>Orthogonalises a matrix, or each matrix of a stack.</summary>
    /// <param name="update_MN">The matrix [..., rows, columns]; unchanged.</param>
    /// <param name="options">The iteration.</param>
    /// <returns>A new tensor of the same shape and type.</returns>
    public static Tensor Orthogonalise(Tensor update_MN, OrthogonalisationOptions options)
    {
        using var scope = NewDisposeScope();
        var isTall = update_MN.size(-2) > update_MN.size(-1);
        var x_SL = update_MN.div(Norm(update_MN, options)).to_type(options.TypeFor(update_MN));
        // Transposed views are slower in every product than one copy here.
        if (isTall) x_SL = x_SL.mT.contiguous();
        for (var step = 0; step < options.Steps; step++)
        {
            using var previous_SL = x_SL;
            x_SL = x_SL.Dimensions == 2 ? Advance(x_SL, options.Triple(step)) : AdvanceStack(x_SL, options.Triple(step));
        }
        if (isTall) x_SL = x_SL.mT.contiguous();
        return x_SL.to_type(update_MN.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Floating-point operations for one matrix.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="steps">Steps of the iteration.</param>
    public static double Flops(long rows, long columns, int steps)
    {
        double small = Math.Min(rows, columns), large = Math.Max(rows, columns);
        return steps * (4 * small * small * large + 2 * small * small * small);
    }

    private static Tensor Norm(Tensor update_MN, OrthogonalisationOptions options)
    {
        var norm = linalg.vector_norm(update_MN, 2, [-2, -1], keepdim: true).mul(options.ResolvedNormFactor);
        return options.NormGuard == NormGuard.Add ? norm.add(options.ResolvedEpsilon) : norm.clamp_min(options.ResolvedEpsilon);
    }

    private static Tensor Advance(Tensor x_SL, (double A, double B, double C) triple)
    {
        using var gram_SS = x_SL.mm(x_SL.mT);
        // addmm takes its factors in single precision, which is exact enough for everything but float64.
        if (x_SL.dtype == ScalarType.Float64) return AdvanceExactly(x_SL, gram_SS, triple);
        using var polynomial_SS = gram_SS.addmm(gram_SS, gram_SS, (float)triple.B, (float)triple.C);
        return x_SL.addmm(polynomial_SS, x_SL, (float)triple.A);
    }

    private static Tensor AdvanceStack(Tensor x_BSL, (double A, double B, double C) triple)
    {
        using var gram_BSS = x_BSL.matmul(x_BSL.mT);
        return AdvanceExactly(x_BSL, gram_BSS, triple);
    }

    private static Tensor AdvanceExactly(Tensor x_SL, Tensor gram_SS, (double A, double B, double C) triple)
    {
        var polynomial_SS = gram_SS.matmul(gram_SS).mul_(triple.C).add_(gram_SS, triple.B);
        return polynomial_SS.matmul(x_SL).add_(x_SL, triple.A);
    }
}
