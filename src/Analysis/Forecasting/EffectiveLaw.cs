using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>One optimizer's law in N and D, L = E + (A / N^alpha + B / D^beta)^gamma with every rho and cost
/// folded in, and its inverses.</summary>
internal readonly record struct EffectiveLaw(
    double E, double A, double B, double Alpha, double Beta, double Gamma)
{
    /// <summary>The law of one optimizer of a model that has a floor and two powers.</summary>
    public static EffectiveLaw Of(LawModel model, int optimizer)
    {
        var own = model.Coefficients(optimizer);
        var cost = model.Cost(optimizer) / model.Cost(model.Reference);
        return new(own.E, own.A, cost == 1 ? own.B : own.B * Math.Pow(cost, -own.Beta), own.Alpha, own.Beta,
            own.Gamma);
    }

    /// <summary>Whether both powers are there, without which no optimum between N and D exists.</summary>
    public bool HasBothPowers => A > 0 && B > 0 && Alpha > 0 && Beta > 0;

    public double Loss(double n, double d)
    {
        var inner = (A > 0 ? A * Math.Pow(n, -Alpha) : 0) + (B > 0 ? B * Math.Pow(d, -Beta) : 0);
        return E + (Gamma == 1 ? inner : Math.Pow(inner, Gamma));
    }

    /// <summary>The tokens at which this size reaches a loss; infinity when it never does.</summary>
    public double TokensFor(double n, double loss)
    {
        var rest = Inner(loss) - (A > 0 ? A * Math.Pow(n, -Alpha) : 0);
        return rest > 0 && B > 0 ? Math.Pow(rest / B, -1 / Beta) : double.PositiveInfinity;
    }

    /// <summary>The N and D of least loss with k N D = C: N = G (C/k)^(β/(α+β)), D = (C/k)^(α/(α+β)) / G, G = (αA /
    /// βB)^(1/(α+β)) (Hoffmann et al., arXiv 2203.15556, eq. 4).</summary>
    public (double N, double D) Optimum(double compute, double cost)
    {
        double product = compute / cost, g = Balance();
        return (g * Math.Pow(product, Beta / (Alpha + Beta)), Math.Pow(product, Alpha / (Alpha + Beta)) / g);
    }

    /// <summary>The least compute that reaches a loss; infinity below the floor.</summary>
    public double ComputeFor(double loss, double cost)
    {
        double g = Balance(), scale = A * Math.Pow(g, -Alpha) + B * Math.Pow(g, Beta);
        return loss > E
            ? cost * Math.Pow(Inner(loss) / scale, -(Alpha + Beta) / (Alpha * Beta))
            : double.PositiveInfinity;
    }

    // The two powers together at a loss; zero below the floor.
    private double Inner(double loss) => Gamma == 1 ? loss - E : Math.Pow(Math.Max(loss - E, 0), 1 / Gamma);

    private double Balance() => Math.Pow(Alpha * A / (Beta * B), 1 / (Alpha + Beta));
}
