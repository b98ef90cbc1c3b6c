namespace PretrainBench.Analysis.Laws;

/// <summary>Whether optimizers have a quantity in common.</summary>
public enum Sharing
{
    /// <summary>The law has no such quantity.</summary>
    Absent,

    /// <summary>One value for all optimizers.</summary>
    Shared,

    PerOptimizer,
}

/// <summary>A scaling law of the family <c>L = E + a / x1^alpha + b / x2^beta</c>, where x1 and x2 are variables of a
/// run (N and D for most) and each of E, a, b is absent, shared by all optimizers, or one for each. At fixed exponents
/// such a law is linear in the rest: that linear part (<see cref="Floor"/>, <see cref="First"/>, <see cref="Second"/>)
/// is all that the solvers need to know, unless the powers are joined otherwise (<see cref="Joining"/>). The laws are
/// listed in <see cref="LawRegistry"/>.</summary>
/// <param name="Name">The name on the command line, such as <c>shared-rho-d</c>.</param>
/// <param name="Formula">The formula in plain text, with o for the optimizer.</param>
public sealed record Law(string Name, string Formula)
{
    /// <summary>Whether all optimizers have the same exponents; if not, each optimizer is fitted apart.</summary>
    public bool SharesExponents { get; init; } = true;

    /// <summary>The irreducible loss E.</summary>
    public Sharing Floor { get; init; } = Sharing.Shared;

    /// <summary>The coefficient of the first power (a_o = A rhoN^−alpha).</summary>
    public Sharing First { get; init; } = Sharing.PerOptimizer;

    /// <summary>The coefficient of the second power (b_o = B rhoD^−beta).</summary>
    public Sharing Second { get; init; } = Sharing.PerOptimizer;

    public LawVariable FirstVariable { get; init; } = LawVariable.Parameters;

    public LawVariable SecondVariable { get; init; } = LawVariable.Tokens;

    /// <summary>The least number of different values of each variable without which the exponents are not
    /// determined.</summary>
    public int DistinctValuesNeeded { get; init; } = 3;

    /// <summary>How the two powers make up what lies above the floor.</summary>
    public Joining Joining { get; init; }

    /// <summary>Whether the joining has a parameter of its own: gamma, kappa or R_D*.</summary>
    internal bool HasShape => Joining != Joining.Sum;

    /// <summary>Whether it is another form of a law: in the same variables, both of them.</summary>
    internal bool HasVariablesOf(Law law) => SecondVariable == law.SecondVariable && Second != Sharing.Absent;

    /// <summary>Whether a run is paid for in FLOPs or seconds instead of tokens.</summary>
    public bool PaysInCompute => SecondVariable is LawVariable.TokensByFlops or LawVariable.TokensBySeconds;

    /// <summary>The name of the efficiency in the second power: rhoC for laws that pay in compute, rhoD for the
    /// others.</summary>
    internal string SecondEfficiency => PaysInCompute ? "rhoC" : "rhoD";

    /// <summary>How many free parameters the law has for so many optimizers, exponents included.</summary>
    public int ParameterCount(int optimizers)
    {
        var exponents = (Second == Sharing.Absent ? 1 : 2) + (HasShape ? 1 : 0);
        return Count(Floor) + Count(First) + Count(Second) + exponents * (SharesExponents ? 1 : optimizers);

        int Count(Sharing sharing) => sharing switch
        {
            Sharing.Absent => 0,
            Sharing.Shared when SharesExponents => 1,
            _ => optimizers,
        };
    }

    /// <summary>
    /// The predicted loss: E and the two powers, joined; nats per token.
    /// </summary>
    /// <param name="p">One optimizer's coefficients.</param>
    /// <param name="logX1">Natural logarithm of the first variable.</param>
    /// <param name="logX2">Natural logarithm of the second variable; ignored by laws in one variable.</param>
    public double Predict(in LawCoefficients p, double logX1, double logX2)
        => (Floor == Sharing.Absent ? 0 : p.E) + JoinedPowers.Value(Joining, Power(p.A, p.Alpha, logX1),
            Second == Sharing.Absent ? 0 : Power(p.B, p.Beta, logX2), p.Shape);

    /// <summary>The derivatives of <see cref="Predict"/> by E, a, b, alpha and beta, in this order, and by the shape
    /// where there is a sixth place for it.</summary>
    /// <param name="p">One optimizer's coefficients.</param>
    /// <param name="logX1">Natural logarithm of the first variable.</param>
    /// <param name="logX2">Natural logarithm of the second variable.</param>
    public void Gradient(in LawCoefficients p, double logX1, double logX2, Span<double> gradient)
    {
        var first = Math.Exp(-p.Alpha * logX1);
        var second = Second == Sharing.Absent ? 0 : Math.Exp(-p.Beta * logX2);
        gradient[0] = Floor == Sharing.Absent ? 0 : 1;
        gradient[1] = first;
        gradient[2] = second;
        gradient[3] = p.A == 0 ? 0 : -p.A * first * logX1;
        gradient[4] = second == 0 || p.B == 0 ? 0 : -p.B * second * logX2;
        if (gradient.Length > 5) gradient[5] = 0;
        if (!HasShape) return;
        var (byFirst, bySecond, byShape) = JoinedPowers.Slopes(Joining, p.A * first, p.B * second, p.Shape);
        (gradient[1], gradient[2]) = (gradient[1] * byFirst, gradient[2] * bySecond);
        (gradient[3], gradient[4]) = (gradient[3] * byFirst, gradient[4] * bySecond);
        if (gradient.Length > 5) gradient[5] = byShape;
    }

    // A coefficient of zero has no exponent (NaN); its term is zero all the same.
    private static double Power(double coefficient, double exponent, double logX)
        => coefficient == 0 ? 0 : coefficient * Math.Exp(-exponent * logX);
}

/// <summary>One optimizer's law in the form that solvers work with, <c>E + A / x1^Alpha + B / x2^Beta</c> or another
/// <see cref="Joining"/>: A and B are the optimizer's own (a_o and b_o), any efficiency rho folded in.</summary>
/// <param name="E">Irreducible loss, nats per token.</param>
/// <param name="A">Coefficient of the first power, rho folded in.</param>
/// <param name="B">Coefficient of the second power, rho folded in.</param>
/// <param name="Alpha">Exponent of the first variable; NaN when A is zero.</param>
/// <param name="Beta">Exponent of the second variable; NaN when B is zero or absent.</param>
/// <param name="Shape">gamma, kappa or 1 / R_D*, by the law's <see cref="Joining"/>; nothing for sums.</param>
public readonly record struct LawCoefficients(
    double E, double A, double B, double Alpha, double Beta, double Shape = 0);
