using PretrainBench.Core;

namespace PretrainBench.Theory.Quadratics;

/// <summary>Gradient descent on f = ½ Σ λ_i δ_i² with λ_i = i^−a and δ_i(0)² = i^−b, in closed form: δ_i(k) = (1 −
/// r_i)^k δ_i(0), r_i = η λ_i^(1−p), where p = 0 is plain descent and p > 0 a preconditioner λ^−p. A model of width d
/// keeps the top d directions; the rest is its approximation error. Source: Volkova et al. (arXiv 2602.07712), section
/// 6; the preconditioned form is ours.</summary>
internal sealed class PowerLawQuadratic
{
    private readonly double[] _weights;
    private readonly double[] _logContraction;

    /// <summary>Sets the problem up; an invalid combination is an error of the caller (see
    /// <see cref="Check"/>).</summary>
    /// <param name="directions">D, the widest model that will be asked for.</param>
    /// <param name="preconditionerPower">p, from 0 to below 1.</param>
    /// <param name="stepSize">η in units of 1/λ_1 (λ_1 = 1), above 0 and below 2.</param>
    public PowerLawQuadratic(SpectralExponents exponents, int directions, double preconditionerPower = 0,
        double stepSize = 1)
    {
        var errors = Check(exponents, directions, preconditionerPower, stepSize);
        if (errors.Count > 0) throw new UserException("theory quadratic: " + string.Join(" ", errors));
        (Exponents, Directions, PreconditionerPower, StepSize) = (exponents, directions, preconditionerPower, stepSize);
        _weights = new double[directions];
        _logContraction = new double[directions];
        for (var i = 0; i < directions; i++)
        {
            _weights[i] = Math.Pow(i + 1, -(exponents.A + exponents.B));
            var rate = stepSize * Math.Pow(i + 1, -exponents.A * (1 - preconditionerPower));
            _logContraction[i] = rate < 1 ? Math.Log(1 - rate) : Math.Log(rate - 1);
        }
    }

    public SpectralExponents Exponents { get; }

    /// <summary>D, the number of directions that are followed one by one.</summary>
    public int Directions { get; }

    /// <summary>p: the preconditioner is λ^−p.</summary>
    public double PreconditionerPower { get; }

    /// <summary>η in units of 1/λ_1.</summary>
    public double StepSize { get; }

    /// <summary>Predicted exponent in steps: ω / (1 − p).</summary>
    public double PredictedStepExponent => Exponents.Omega / (1 - PreconditionerPower);

    /// <summary>Predicted exponent in width: a ω = a + b − 1; no preconditioner changes it.</summary>
    public double PredictedWidthExponent => Exponents.A * Exponents.Omega;

    /// <summary>The slowest rate of a model of the given width, η λ_d^(1−p).</summary>
    public double SlowestRate(int width) => StepSize * Math.Pow(width, -Exponents.A * (1 - PreconditionerPower));

    /// <summary>What the kept directions still cost after k steps: ½ Σ_{i ≤ width} λ_i δ_i(k)². O(width) for any
    /// k.</summary>
    public double OptimizationLoss(int width, double steps)
    {
        if (steps == 0) return ApproximationLoss(0) - ApproximationLoss(width);
        double sum = 0;
        for (var i = width - 1; i >= 0; i--) sum += _weights[i] * Math.Exp(2 * steps * _logContraction[i]);
        return sum / 2;
    }

    /// <summary>What the missing directions cost: ½ σ((0, λ_width]), the infinite tail summed exactly.</summary>
    public double ApproximationLoss(int width) => PowerSums.Tail(width, Exponents.A + Exponents.B) / 2;

    /// <summary>The theorem's optimisation loss in phase 1: ½ c Γ(ω′+1)(2ηk)^−ω′ with ω′ = ω/(1−p) and σ((0, λ]) ~ c
    /// λ^ω, c = 1/(a+b−1).</summary>
    public double PhaseOnePrediction(double steps)
    {
        var omega = PredictedStepExponent;
        var c = 1 / (Exponents.A + Exponents.B - 1);
        return c / 2 * MathNet.Numerics.SpecialFunctions.Gamma(omega + 1) * Math.Pow(2 * StepSize * steps, -omega);
    }

    /// <summary>Every condition of the theory that the parameters break, in words; empty when all hold.</summary>
    public static IReadOnlyList<string> Check(
        SpectralExponents exponents, int directions, double preconditionerPower, double stepSize)
    {
        var errors = new List<string>();
        var where = $"pair (a, b) = ({exponents.A}, {exponents.B})";
        if (!(exponents.A > 0)) errors.Add($"{where}: a must be above 0, so that the eigenvalues i^-a fall.");
        if (!(exponents.A + exponents.B > 1))
            errors.Add(
                $"{where}: a + b must be above 1, else the loss at the start is infinite and there is no exponent.");
        if (directions < 1) errors.Add($"directions = {directions}: at least one direction is needed.");
        if (!(preconditionerPower >= 0 && preconditionerPower < 1))
            errors.Add($"preconditioner power p = {preconditionerPower}: must be from 0 to below 1 (λ → λ^(1-p)).");
        if (!(stepSize > 0 && stepSize < 2))
            errors.Add($"step size = {stepSize} / λ_1: must be above 0 and below 2, else gradient descent diverges.");
        return errors;
    }
}

/// <summary>A power-law quadratic: eigenvalues i^−A, squared initial distances i^−B.</summary>
/// <param name="A">a, how fast the eigenvalues fall.</param>
/// <param name="B">b, how fast the squared initial distances fall.</param>
public readonly record struct SpectralExponents(double A, double B)
{
    /// <summary>The spectral dimension ω = (a + b − 1)/a = lim log σ((0, λ]) / log λ.</summary>
    public double Omega => (A + B - 1) / A;
}
