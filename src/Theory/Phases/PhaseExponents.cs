using PretrainBench.Core;

namespace PretrainBench.Theory.Phases;

/// <summary>A point (α, β) of the phase diagram: data x_j = j^−α z_j with standard normal z_j, target ⟨x, b⟩ with b_j =
/// j^−β. Source: Paquette, Paquette, Xiao, Pennington (arXiv 2405.15074).</summary>
/// <param name="Alpha">α, how fast the data's standard deviations fall; above 0.</param>
/// <param name="Beta">β, how fast the target's coefficients fall.</param>
public readonly record struct PowerLawPoint(double Alpha, double Beta)
{
    /// <summary>Why the theory does not cover the point, or null when it does: it needs 2(α+β) &gt; 1 (a finite loss at
    /// the start).</summary>
    public string? Problem()
    {
        if (!(Alpha > 0)) return $"(α, β) = ({Alpha}, {Beta}): α must be above 0.";
        return 2 * (Alpha + Beta) > 1
            ? null
            : $"(α, β) = ({Alpha}, {Beta}): 2(α+β) = {2 * (Alpha + Beta):0.###} ≤ 1, so the target's "
                + "variance is infinite as v grows; the theory needs 2(α+β) > 1.";
    }
}

/// <summary>The seven regions of the (α, β) plane, by which terms of the loss dominate at the compute
/// optimum.</summary>
public enum Phase
{
    /// <summary>2α &gt; 1, 2β &lt; 1: limited by capacity (F_pp against F_0).</summary>
    Ia,

    /// <summary>2α &lt; 1, 2β &lt; 1, 2(α+β) &gt; 1: limited by capacity.</summary>
    Ib,

    /// <summary>α &lt; 1/4, 2β &gt; 1: limited by capacity.</summary>
    Ic,

    /// <summary>2α &gt; 1, 2β &gt; 1, β &lt; α: F_pp against F_ac, distortion by the features.</summary>
    II,

    /// <summary>2α &gt; 1, 2β &gt; 1, β &gt; α: SGD noise against distortion by the features (K_pp against
    /// F_ac).</summary>
    III,

    /// <summary>1 − 1/√2 &lt; α &lt; 1/2, 2β &gt; 1: SGD noise against capacity (K_pp against F_0).</summary>
    IVa,

    /// <summary>1/4 &lt; α &lt; 1 − 1/√2, 2β &gt; 1: F_pp against SGD noise.</summary>
    IVb,
}

/// <summary>The compute-optimal exponents of the theory: P* ≍ f^−η at d* ≍ f^ξ.</summary>
/// <param name="Phase">The region; on a boundary, the one that is named first below it.</param>
public readonly record struct PhaseExponents(Phase Phase, double Xi, double Eta)
{
    private const double LowestIVa = 0.29289321881345248; // 1 − 1/√2

    /// <summary>Looks a point up; the table of arXiv 2405.15074, re-derived from its asymptotics.</summary>
    /// <remarks>η is continuous everywhere; ξ jumps at α = 1 − 1/√2, where two trade-offs at different widths cost the
    /// same.</remarks>
    /// <exception cref="UserException">The point is outside the theory; the message says which condition
    /// failed.</exception>
    public static PhaseExponents At(PowerLawPoint point)
    {
        if (point.Problem() is { } problem) throw new UserException("theory phases: " + problem);
        var (a, b) = point;
        var phase = Classify(a, b);
        var q = a * (2 * b - 3) - 2 * b + 1;
        var p = 2 * a * b + a - 2 * b;
        var (xi, eta) = phase switch
        {
            Phase.Ia => (1 / (2 * a + 1), (2 * a + 2 * b - 1) / (2 * a + 1)),
            Phase.Ib => (0.5, a + b - 0.5),
            Phase.Ic => ((1 - 2 * a - 2 * b) / (2 * q), -a * (2 * a + 2 * b - 1) / q),
            Phase.II => (b / (a + b), (2 * a + 2 * b - 1) / (2 * (a + b))),
            Phase.III => (0.5, 1 - 1 / (4 * a)),
            Phase.IVa => (0.5, a),
            _ => ((a - b) / p, -(1 - 2 * a) * (2 * a + 2 * b - 1) / (2 * p)),
        };
        return new PhaseExponents(phase, xi, eta);
    }

    private static Phase Classify(double a, double b)
    {
        if (2 * b < 1) return 2 * a > 1 ? Phase.Ia : Phase.Ib;
        if (2 * a > 1) return b <= a ? Phase.II : Phase.III;
        return a < 0.25 ? Phase.Ic : a <= LowestIVa ? Phase.IVb : Phase.IVa;
    }
}
