using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>The nearest (semi-)orthogonal matrix, approximately: X₀ = u/(κ‖u‖ + ε), then per step A = XXᵀ and X ← aX +
/// (bA + cA²)X (Jordan, Muon; the sets in <see cref="CoefficientSet"/>). Works on the smaller side; zero stays
/// zero.</summary>
/// <remarks>Oblong matrices go through the small side alone: with Z = aI + bA + cA², the product Q of the Z's and the
/// next A = ZAZ need no X, and X ← QX once for three steps. More at once would lose two digits of float32 on
/// ill-conditioned matrices (docs/log.md), and bfloat16 has none to lose.</remarks>
internal static class NewtonSchulz
{
    private const int StepsOnSmallSide = 3;

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
        var together = IsOblong(x_SL) && x_SL.dtype != ScalarType.BFloat16 ? StepsOnSmallSide : 1;
        for (var step = 0; step < options.Steps; step += together)
        {
            using var previous_SL = x_SL;
            x_SL = together == 1
                ? Advance(x_SL, options.Triple(step))
                : AdvanceOnSmallSide(x_SL, step, Math.Min(step + together, options.Steps), options);
        }
        if (isTall) x_SL = x_SL.mT.contiguous();
        return x_SL.to_type(update_MN.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Floating-point operations for one matrix, step by step on the whole matrix: what a law in compute
    /// counts does not depend on the number type.</summary>
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

    // For r times as long as wide, k steps are (2r + 1)k products of the small side, or 2r + 4k − 3 on the small side.
    private static bool IsOblong(Tensor x_SL) => x_SL.size(-1) > 1.5 * x_SL.size(-2);

    private static Tensor AdvanceOnSmallSide(Tensor x_SL, int first, int end, OrthogonalisationOptions options)
    {
        using var scope = NewDisposeScope();
        var gram_SS = x_SL.matmul(x_SL.mT);
        Tensor? product_SS = null;
        for (var step = first; step < end; step++)
        {
            var (a, b, c) = options.Triple(step);
            var polynomial_SS = AddProduct(gram_SS, b, gram_SS, gram_SS, c);
            if (step + 1 < end)
            {
                var half_SS = AddProduct(gram_SS, a, polynomial_SS, gram_SS, 1);
                gram_SS = AddProduct(half_SS, a, half_SS, polynomial_SS, 1);
            }
            if (product_SS is not null) product_SS = AddProduct(product_SS, a, polynomial_SS, product_SS, 1);
            else (product_SS = polynomial_SS).diagonal(0, -2, -1).add_(a);
        }
        return product_SS!.matmul(x_SL).MoveToOuterDisposeScope();
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
