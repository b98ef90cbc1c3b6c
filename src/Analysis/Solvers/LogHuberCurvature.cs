using System.Numerics;

namespace PretrainBench.Analysis.Solvers;

/// <summary>The exact second derivatives of <see cref="LogHuberObjective"/> for one group. With p the softmax weights
/// of the three terms, J = (pE, p1, p2, −x1 p1, −x2 p2), ψ the clipped residual and ψ' = 1 where it is not clipped: H =
/// Σ w [(ψ' − ψ) J Jᵀ + ψ Σ_t p_t v_t v_tᵀ], v_t the derivative of term t's argument.</summary>
internal static class LogHuberCurvature
{
    /// <summary>Writes the 5 × 5 matrix of one group.</summary>
    public static void Add(FitData data, int group, in LogLaw law, double[] weights, double delta, Span<double> matrix)
    {
        Vector<double> ee = default, e1 = default, e2 = default, eA = default, eB = default;
        Vector<double> aa = default, ab = default, aA = default, aB = default, bb = default, bA = default, bB = default;
        Vector<double> AA = default, AB = default, BB = default;
        var (e, logA, logB) = (new Vector<double>(law.E), new Vector<double>(law.LogA), new Vector<double>(law.LogB));
        var (alpha, beta) = (new Vector<double>(law.Alpha), new Vector<double>(law.Beta));
        var (high, low) = (new Vector<double>(delta), new Vector<double>(-delta));
        for (var i = data.Start[group]; i < data.Start[group + 1]; i += Vector<double>.Count)
        {
            var (x1, x2, w) =
                (new Vector<double>(data.X1, i), new Vector<double>(data.X2, i), new Vector<double>(weights, i));
            var t1 = Vector.Exp(Vector.Max(logA - alpha * x1, LogLaw.Vanishing));
            var t2 = Vector.Exp(Vector.Max(logB - beta * x2, LogLaw.Vanishing));
            var sum = e + t1 + t2;
            var r = Vector.Log(sum) - new Vector<double>(data.LogY, i);
            var clipped = Vector.Min(Vector.Max(r, low), high);
            var (pE, p1, p2) = (e / sum, t1 / sum, t2 / sum);
            var c = w * clipped;
            var k = Vector.ConditionalSelect(Vector.Equals(clipped, r), w, Vector<double>.Zero) - c;
            var (u1, u2) = (-x1 * p1, -x2 * p2);
            var (kE, k1, k2, kU1, kU2) = (k * pE, k * p1, k * p2, k * u1, k * u2);
            ee += kE * pE + c * pE; e1 += kE * p1; e2 += kE * p2; eA += kE * u1; eB += kE * u2;
            aa += k1 * p1 + c * p1; ab += k1 * p2; aA += k1 * u1 + c * u1; aB += k1 * u2;
            bb += k2 * p2 + c * p2; bA += k2 * u1; bB += k2 * u2 + c * u2;
            AA += kU1 * u1 - c * u1 * x1; AB += kU1 * u2; BB += kU2 * u2 - c * u2 * x2;
        }
        Set(matrix, 0, 0, ee); Set(matrix, 0, 1, e1); Set(matrix, 0, 2, e2); Set(matrix, 0, 3,
            eA); Set(matrix, 0, 4, eB);
        Set(matrix, 1, 1, aa); Set(matrix, 1, 2, ab); Set(matrix, 1, 3, aA); Set(matrix, 1, 4, aB);
        Set(matrix, 2, 2, bb); Set(matrix, 2, 3, bA); Set(matrix, 2, 4, bB);
        Set(matrix, 3, 3, AA); Set(matrix, 3, 4, AB); Set(matrix, 4, 4, BB);
    }

    private static void Set(Span<double> matrix, int i, int j, Vector<double> sum)
        => matrix[i * FitData.LocalSize + j] = matrix[j * FitData.LocalSize + i] = Vector.Sum(sum);
}
