using System.Numerics;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Weighted sums of one group that involve the residual r = y − E − a f1 − b f2 and the derivatives by the
/// exponents, d1 = −a x1 f1 and d2 = −b x2 f2: the border of the Gauss-Newton matrix.</summary>
internal struct ExponentMoments
{
    /// <summary>Σ w r².</summary>
    public double RR;

    /// <summary>Σ w r d1, Σ w r d2: minus half the gradient of the reduced objective.</summary>
    public double RD1, RD2;

    /// <summary>Σ w d1, Σ w d1 f1, Σ w d1 f2.</summary>
    public double D1, D1F1, D1F2;

    /// <summary>Σ w d2, Σ w d2 f1, Σ w d2 f2.</summary>
    public double D2, D2F1, D2F2;

    /// <summary>Σ w d1², Σ w d1 d2, Σ w d2².</summary>
    public double D11, D12, D22;

    /// <summary>The sums over one group of the data, at its E, a and b.</summary>
    public static ExponentMoments Of(FitData data, int group, double[] f1, double[] f2, double[] weights, double e,
        double a, double b)
    {
        Vector<double> rr = default, r1 = default, r2 = default, d1 = default, d1f1 = default, d1f2 = default;
        Vector<double> d2 = default, d2f1 = default, d2f2 = default, d11 = default, d12 = default, d22 = default;
        var (ve, va, vb) = (new Vector<double>(e), new Vector<double>(a), new Vector<double>(b));
        for (var i = data.Start[group]; i < data.Start[group + 1]; i += Vector<double>.Count)
        {
            var w = new Vector<double>(weights, i);
            var (v1, v2) = (new Vector<double>(f1, i), new Vector<double>(f2, i));
            var (t1, t2) = (va * v1, vb * v2);
            var r = new Vector<double>(data.Y, i) - ve - t1 - t2;
            var (u1, u2) = (-t1 * new Vector<double>(data.X1, i), -t2 * new Vector<double>(data.X2, i));
            var (wr, w1, w2) = (w * r, w * u1, w * u2);
            rr += wr * r; r1 += wr * u1; r2 += wr * u2;
            d1 += w1; d1f1 += w1 * v1; d1f2 += w1 * v2; d11 += w1 * u1; d12 += w1 * u2;
            d2 += w2; d2f1 += w2 * v1; d2f2 += w2 * v2; d22 += w2 * u2;
        }
        return new ExponentMoments
        {
            RR = Vector.Sum(rr),
            RD1 = Vector.Sum(r1),
            RD2 = Vector.Sum(r2),
            D1 = Vector.Sum(d1),
            D1F1 = Vector.Sum(d1f1),
            D1F2 = Vector.Sum(d1f2),
            D2 = Vector.Sum(d2),
            D2F1 = Vector.Sum(d2f1),
            D2F2 = Vector.Sum(d2f2),
            D11 = Vector.Sum(d11),
            D12 = Vector.Sum(d12),
            D22 = Vector.Sum(d22),
        };
    }
}
