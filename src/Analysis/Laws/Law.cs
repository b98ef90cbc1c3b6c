namespace PretrainBench.Analysis.Laws;

/// <summary>
/// A scaling law of the family <c>L = E + a / x1^alpha + b / x2^beta</c>, where x1 and x2 are variables of a run (N and D
/// for most) and each of E, a, b is absent, shared by all optimizers, or one for each. At fixed exponents such a law is
/// linear in the rest: that linear part (<see cref="Floor"/>, <see cref="First"/>, <see cref="Second"/>) is all that the
/// solvers need to know. A new law of the family is one file that sets these properties, and a line in
/// <see cref="LawRegistry"/>.
/// </summary>
public abstract class Law
{
    /// <summary>The name on the command line, such as <c>shared-rho-d</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The formula in plain text, with o for the optimizer.</summary>
    public abstract string Formula { get; }

    /// <summary>What the law claims, in one sentence.</summary>
    public abstract string Description { get; }

    /// <summary>Whether all optimizers have the same exponents; if not, each optimizer is fitted apart.</summary>
    public virtual bool SharesExponents => true;

    /// <summary>The irreducible loss E.</summary>
    public virtual Sharing Floor => Sharing.Shared;

    /// <summary>The coefficient of the first power (a_o = A rhoN^−alpha).</summary>
    public virtual Sharing First => Sharing.PerOptimizer;

    /// <summary>The coefficient of the second power (b_o = B rhoD^−beta).</summary>
    public virtual Sharing Second => Sharing.PerOptimizer;

    /// <summary>The variable of the first power.</summary>
    public virtual LawVariable FirstVariable => LawVariable.Parameters;

    /// <summary>The variable of the second power.</summary>
    public virtual LawVariable SecondVariable => LawVariable.Tokens;

    /// <summary>How many free parameters the law has for <paramref name="optimizers"/> optimizers, exponents included.</summary>
    /// <param name="optimizers">The number of optimizers.</param>
    /// <returns>The count of free parameters.</returns>
    public int ParameterCount(int optimizers)
    {
        int exponents = Second == Sharing.Absent ? 1 : 2;
        return Count(Floor) + Count(First) + Count(Second) + exponents * (SharesExponents ? 1 : optimizers);

        int Count(Sharing sharing) => sharing switch
        {
            Sharing.Absent => 0,
            Sharing.Shared when SharesExponents => 1,
            _ => optimizers,
        };
    }

    /// <summary>The least number of different values of each variable without which the exponents are not determined.</summary>
    public virtual int DistinctValuesNeeded => 3;

    /// <summary>The predicted loss, <c>E + a exp(−alpha log x1) + b exp(−beta log x2)</c>.</summary>
    /// <param name="p">One optimizer's coefficients.</param>
    /// <param name="logX1">Natural logarithm of the first variable.</param>
    /// <param name="logX2">Natural logarithm of the second variable; ignored by laws in one variable.</param>
    /// <returns>The loss in nats per token.</returns>
    public double Predict(in LawCoefficients p, double logX1, double logX2)
        => (Floor == Sharing.Absent ? 0 : p.E) + Power(p.A, p.Alpha, logX1)
            + (Second == Sharing.Absent ? 0 : Power(p.B, p.Beta, logX2));

    /// <summary>The derivatives of <see cref="Predict"/> by E, a, b, alpha and beta, in this order.</summary>
    /// <param name="p">One optimizer's coefficients.</param>
    /// <param name="logX1">Natural logarithm of the first variable.</param>
    /// <param name="logX2">Natural logarithm of the second variable.</param>
    /// <param name="gradient">Receives five numbers.</param>
    public void Gradient(in LawCoefficients p, double logX1, double logX2, Span<double> gradient)
    {
        double first = Math.Exp(-p.Alpha * logX1);
        double second = Second == Sharing.Absent ? 0 : Math.Exp(-p.Beta * logX2);
        gradient[0] = Floor == Sharing.Absent ? 0 : 1;
        gradient[1] = first;
        gradient[2] = second;
        gradient[3] = p.A == 0 ? 0 : -p.A * first * logX1;
        gradient[4] = second == 0 || p.B == 0 ? 0 : -p.B * second * logX2;
    }

    // A coefficient of zero has no exponent (NaN); its term is zero all the same.
    private static double Power(double coefficient, double exponent, double logX)
        => coefficient == 0 ? 0 : coefficient * Math.Exp(-exponent * logX);
}
