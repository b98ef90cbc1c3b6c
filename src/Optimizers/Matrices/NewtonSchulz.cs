using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>The nearest (semi-)orthogonal matrix, approximately: X₀ = u/(κ‖u‖ + ε), then per step A = XXᵀ and X ← aX +
/// (bA + cA²)X (Jordan, Muon; the sets in <see cref="CoefficientSet"/>). Works on the smaller side; zero stays
/// zero.</summary>
internal static class NewtonSchulz
{
    /// <summary>Orthogonalises a matrix, or each matrix of a stack.</summary>
    /// <param name="update_MN">The matrix [..., rows, columns]; unchanged.</param>
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
            x_SL = Advance(x_SL, options.Triple(step));
        }
        if (isTall) x_SL = x_SL.mT.contiguous();
        return x_SL.to_type(update_MN.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Floating-point operations for one matrix.</summary>
    /// <param name="steps">Steps of the iteration.</param>
    public static double Flops(long rows, long columns, int steps)
    {
        double small = Math.Min(rows, columns), large = Math.Max(rows, columns);
        return steps * (4 * small * small * large + 2 * small * small * small);
    }

    private static Tensor Norm(Tensor update_MN, OrthogonalisationOptions options)
    {
        var norm = linalg.vector_norm(update_MN, 2, [-2, -1], keepdim: true).mul(options.ResolvedNormFactor);
        return options.NormGuard == NormGuard.Add
            ? norm.add(options.ResolvedEpsilon)
            : norm.clamp_min(options.ResolvedEpsilon);
    }

    private static Tensor Advance(Tensor x_SL, (double A, double B, double C) triple)
    {
        using var gram_SS = x_SL.matmul(x_SL.mT);
        using var polynomial_SS = AddProduct(gram_SS, triple.B, gram_SS, gram_SS, triple.C);
        return AddProduct(x_SL, triple.A, polynomial_SS, x_SL, 1);
    }

    // keep·added + weight·left·right, for a matrix or a stack.
    private static Tensor AddProduct(Tensor added, double keep, Tensor left, Tensor right, double weight)
        => (added.dtype, added.Dimensions) switch
        {
            // addmm takes its factors in single precision, which is exact enough for everything but float64.
            (not ScalarType.Float64, 2) => added.addmm(left, right, (float)keep, (float)weight),
            (not ScalarType.Float64, 3) => left.baddbmm(right, added, (float)keep, (float)weight),
            _ => left.matmul(right).mul_(weight).add_(added, keep),
        };
}
