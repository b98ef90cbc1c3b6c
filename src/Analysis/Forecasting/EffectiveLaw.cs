using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>One optimizer's law in N and D, with every rho and cost folded in, and its inverses.</summary>
internal readonly record struct EffectiveLaw(
    double E, double A, double B, double Alpha, double Beta, Joining Joining,
    double Shape)
{
    private const double WidestSearch = 40;

    /// <summary>The law of one optimizer of a model that has a floor and two powers.</summary>
    public static EffectiveLaw Of(LawModel model, int optimizer)
    {
        var own = model.Coefficients(optimizer);
        var cost = model.Cost(optimizer) / model.Cost(model.Reference);
        return new(own.E, own.A, cost == 1 ? own.B : own.B * Math.Pow(cost, -own.Beta), own.Alpha, own.Beta,
            model.Law.Joining, own.Shape);
    }

    /// <summary>Whether both powers are there, without which no optimum between N and D exists.</summary>
    public bool HasBothPowers => A > 0 && B > 0 && Alpha > 0 && Beta > 0;

    public double Loss(double n, double d) => E + JoinedPowers.Value(Joining, First(n), B > 0 ? B * Math.Pow(d, -Beta)
        : 0, Shape);

    /// <summary>The tokens at which this size reaches a loss; infinity when it never does.</summary>
    public double TokensFor(double n, double loss)
    {
        var rest = JoinedPowers.Second(Joining, loss - E, First(n), Shape);
        return rest > 0 && B > 0 ? Math.Pow(rest / B, -1 / Beta) : double.PositiveInfinity;
    }

    /// <summary>The N and D of least loss with k N D = C: for sums N = G (C/k)^(β/(α+β)), D = (C/k)^(α/(α+β)) / G, G =
    /// (αA / βB)^(1/(α+β)) (Hoffmann et al., arXiv 2203.15556, eq. 4).</summary>
    public (double N, double D) Optimum(double compute, double cost)
    {
        double product = compute / cost, first = Math.Pow(Alpha * A / (Beta * B), 1 / (Alpha + Beta))
            * Math.Pow(product, Beta / (Alpha + Beta));
        if (Joining != Joining.Interaction) return (first, product / first);
        // There αu / (1 + κu) = βv / (1 + κv), the left side falling with N and the right side rising.
        var (low, high) = (Math.Log(first) - WidestSearch, Math.Log(first) + WidestSearch);
        for (var halving = 0; halving < 60; halving++)
        {
            var n = Math.Exp(0.5 * (low + high));
            double u = First(n), v = B * Math.Pow(product / n, -Beta);
            if (Alpha * u * (1 + Shape * v) > Beta * v * (1 + Shape * u)) low = Math.Log(n);
            else high = Math.Log(n);
        }
        return (Math.Exp(low), product / Math.Exp(low));
    }

    /// <summary>The least compute that reaches a loss; infinity below the floor.</summary>
    public double ComputeFor(double loss, double cost)
    {
        if (!(loss > E)) return double.PositiveInfinity;
        var u = BalancedFirst(loss - E);
        var n = Math.Pow(u / A, -1 / Alpha);
        return cost * n * TokensFor(n, loss);
    }

    // The u of the optimum at which the joined powers have this value.
    private double BalancedFirst(double value)
    {
        if (Joining != Joining.Interaction)
            return Beta / (Alpha + Beta) * JoinedPowers.Second(Joining, value, 0, Shape);
        // αu / (1 + κu) = βv / (1 + κv) with v = (value − u) / (1 + κu): κβ u² + (α(1 + κ value) + β(1 − κ value)) u =
        // β value.
        var half = 0.5 * (Alpha * (1 + Shape * value) + Beta * (1 - Shape * value));
        return Beta * value / (half + Math.Sqrt(half * half + Shape * Beta * Beta * value));
    }

    private double First(double n) => A > 0 ? A * Math.Pow(n, -Alpha) : 0;
}
