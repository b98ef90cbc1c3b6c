using System.Numerics;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Weighted sums of one group over the powers f1, f2 and the loss, from which the normal equations of the
/// linear part are assembled.</summary>
internal struct LinearMoments
{
    /// <summary>Σ w.</summary>
    public double W;

    /// <summary>Σ w f1, Σ w f2.</summary>
    public double F1, F2;

    /// <summary>Σ w f1², Σ w f1 f2, Σ w f2².</summary>
    public double F11, F12, F22;

    /// <summary>Σ w y, Σ w f1 y, Σ w f2 y.</summary>
    public double Y, F1Y, F2Y;

    /// <summary>Σ w y².</summary>
    public double YY;

    /// <summary>The sums over positions <paramref name="start"/> to <paramref name="end"/>.</summary>
    public static LinearMoments Of(double[] f1, double[] f2, double[] y, double[] weights, int start, int end)
    {
        Vector<double> w0 = default, s1 = default, s2 = default, s11 = default, s12 = default, s22 = default;
        Vector<double> sy = default, s1y = default, s2y = default, syy = default;
        for (var i = start; i < end; i += Vector<double>.Count)
        {
            var w = new Vector<double>(weights, i);
            var v1 = new Vector<double>(f1, i);
            var v2 = new Vector<double>(f2, i);
            var vy = new Vector<double>(y, i);
            var (w1, w2, wy) = (w * v1, w * v2, w * vy);
            w0 += w; s1 += w1; s2 += w2; sy += wy;
            s11 += w1 * v1; s12 += w1 * v2; s22 += w2 * v2;
            s1y += w1 * vy; s2y += w2 * vy; syy += wy * vy;
        }
        return new LinearMoments
        {
            W = Vector.Sum(w0),
            F1 = Vector.Sum(s1),
            F2 = Vector.Sum(s2),
            Y = Vector.Sum(sy),
            YY = Vector.Sum(syy),
            F11 = Vector.Sum(s11),
            F12 = Vector.Sum(s12),
            F22 = Vector.Sum(s22),
            F1Y = Vector.Sum(s1y),
            F2Y = Vector.Sum(s2y),
        };
    }

    /// <summary>Adds this group to the normal equations; <paramref name="column"/> are the group's E, a and b (−1:
    /// none).</summary>
    public readonly void AddTo(Span<double> gram, Span<double> h, int n, ReadOnlySpan<int> column)
    {
        var (e, a, b) = (column[0], column[1], column[2]);
        if (e >= 0) { gram[e * n + e] += W; h[e] += Y; }
        if (a >= 0) { gram[a * n + a] += F11; h[a] += F1Y; }
        if (b >= 0) { gram[b * n + b] += F22; h[b] += F2Y; }
        if (e >= 0 && a >= 0) gram[Math.Max(e, a) * n + Math.Min(e, a)] += F1;
        if (e >= 0 && b >= 0) gram[Math.Max(e, b) * n + Math.Min(e, b)] += F2;
        if (a >= 0 && b >= 0) gram[Math.Max(a, b) * n + Math.Min(a, b)] += F12;
    }
}
