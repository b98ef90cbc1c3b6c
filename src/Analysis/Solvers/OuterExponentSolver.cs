namespace PretrainBench.Analysis.Solvers;

/// <summary>Least squares for laws with an outer exponent, L = E + (a / x1^alpha + b / x2^beta)^gamma: with gamma free
/// no part of the law is linear, so that Gauss-Newton with Levenberg's damping starts from the best law with gamma = 1,
/// as it is and bent towards smaller and larger gamma. One instance for each thread.</summary>
internal sealed class OuterExponentSolver(FitData data)
{
    private const int Iterations = 400;
    private const double Tolerance = 1e-12;
    private const double MostGamma = 20, MostExponent = 10;

    // A term that the first solver found to be zero begins at a millionth of the loss, from which it can still grow.
    private const double SmallestStart = 1e-6;

    private readonly OuterExponentObjective _objective = new(data);
    private readonly DampedNewton _newton = new(data.Unknowns + 1);
    private readonly double[] _weights = new double[data.X1.Length];

    /// <summary>The best of the searches.</summary>
    /// <param name="rowWeights">Weights by the caller's index of points; null: all one.</param>
    /// <param name="first">The solution with gamma = 1.</param>
    /// <param name="known">The end of the full fit, which refits start from too; null for the full fit.</param>
    public PartSolution Solve(double[]? rowWeights, PartSolution first, PartSolution? known)
    {
        _objective.SetWeights(data.Weights(rowWeights, _weights));
        PartSolution[] starts = known is null ? [first, Bent(first, 0.6), Bent(first, 1.6), Bent(first, 0.3)]
            : [known, first];
        var ends = starts.Select(Descend).Where(MeansSomething).DefaultIfEmpty(first).OrderBy(end => end.Objective)
            .ToList();
        return ends[0] with
        {
            Starts = ends.Count,
            Agreeing = ends.Count(end => end.Objective <= ends[0].Objective * (1 + 1e-3)),
        };
    }

    // Runs that do not determine gamma let it and the exponents run away; then the law with gamma = 1 stands.
    private static bool MeansSomething(PartSolution end)
        => double.IsFinite(end.Objective) && end.Gamma is > 1 / MostGamma and < MostGamma
            && end.Alpha is > VariableProjection.LowestExponent and < MostExponent
            && end.Beta is > VariableProjection.LowestExponent and < MostExponent;

    // A law whose single terms are what they were, with another gamma.
    private PartSolution Bent(PartSolution start, double gamma)
    {
        double[] coefficients = [.. start.Coefficients];
        for (var g = 0; g < data.Groups; g++)
            foreach (var column in new[] { data.Column[3 * g + 1], data.Column[3 * g + 2] })
                if (column >= 0)
                    coefficients[column] = Math.Pow(Math.Max(start.Coefficients[column], SmallestStart), 1 / gamma);
        return start with
        {
            Coefficients = coefficients,
            Alpha = start.Alpha / gamma,
            Beta = start.Beta / gamma,
            Gamma = gamma
        };
    }

    private PartSolution Descend(PartSolution start)
    {
        double[] x = [.. start.Coefficients.Select(c => Math.Log(Math.Max(c, SmallestStart))),
            start.Alpha, start.Beta, Math.Log(start.Gamma)];
        var result = _newton.Minimize(_objective, x, Iterations, Tolerance);
        var columns = data.Columns;
        return new([.. x.Take(columns).Select(Math.Exp)], x[columns], x[columns + 1], result.Value, result.Converged,
            result.Iterations, 1, 1)
        { Gamma = Math.Exp(x[columns + 2]) };
    }
}

/// <summary>Σ w (E + (a e^(−alpha x1) + b e^(−beta x2))^gamma − L)², with JᵀJ for its Hessian. Variables: the
/// logarithms of the linear unknowns at the centre of the data, alpha, beta, log gamma.</summary>
internal sealed class OuterExponentObjective(FitData data) : ICurvedObjective
{
    private const int Local = FitData.LocalSize + 1;
    private double[] _weights = data.UnitWeights;

    public int Dimension => data.Unknowns + 1;

    public void SetWeights(double[] weights) => _weights = weights;

    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient) => Evaluate(x, gradient, []);

    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian)
    {
        gradient.Clear();
        hessian.Clear();
        var (alpha, beta, gamma) = (x[data.Columns], x[data.Columns + 1], Math.Exp(x[data.Columns + 2]));
        double total = 0;
        Span<double> slope = stackalloc double[Local];
        Span<int> index = stackalloc int[Local];
        for (var g = 0; g < data.Groups; g++)
        {
            for (var k = 0; k < 3; k++) index[k] = data.Column[3 * g + k];
            for (var k = 3; k < Local; k++) index[k] = data.Columns + k - 3;
            var (e, logA, logB) = (Math.Exp(x[index[0]]), x[index[1]], x[index[2]]);
            for (var i = data.Start[g]; i < data.Start[g + 1]; i++)
            {
                if (_weights[i] == 0) continue;
                var (first, second) = (Math.Exp(logA - alpha * data.X1[i]), Math.Exp(logB - beta * data.X2[i]));
                var inner = first + second;
                var power = Math.Pow(inner, gamma);
                var residual = e + power - data.Y[i];
                var outer = gamma * power / inner;
                (slope[0], slope[1], slope[2]) = (e, outer * first, outer * second);
                (slope[3], slope[4]) = (-slope[1] * data.X1[i], -slope[2] * data.X2[i]);
                slope[5] = gamma * power * Math.Log(inner);
                total += _weights[i] * residual * residual;
                Add(slope, index, _weights[i], residual, gradient, hessian);
            }
        }
        return total;
    }

    private void Add(ReadOnlySpan<double> slope, ReadOnlySpan<int> index, double weight, double residual,
        Span<double> gradient, Span<double> hessian)
    {
        for (var k = 0; k < Local; k++)
        {
            gradient[index[k]] += 2 * weight * residual * slope[k];
            if (hessian.IsEmpty) continue;
            for (var l = 0; l < Local; l++)
                hessian[index[k] * Dimension + index[l]] += 2 * weight * slope[k] * slope[l];
        }
    }
}
