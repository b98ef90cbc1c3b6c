using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Fits laws whose powers are joined otherwise than by a sum: with the shape free no part of the law is
/// linear, so that Gauss-Newton with Levenberg's damping starts from the best sum, as it is and bent towards other
/// shapes. One instance for each thread.</summary>
internal sealed class JoinedPowersSolver(FitData data, Joining joining, FitOptions options)
{
    private const int Iterations = 400;
    private const double Tolerance = 1e-12;
    private const double MostGamma = 20, MostKappa = 1000, MostExponent = 10;

    // A term that the first solver found to be zero begins at a millionth of the loss, from which it can still grow.
    private const double SmallestStart = 1e-6;

    private static readonly double[] Gammas = [0.6, 1.6, 0.3], Kappas = [-0.3, 1, 5], Decays = [0.07, 0.4, 0.01];

    private readonly JoinedPowersObjective _objective =
        new(data, joining, options.Solver == SolverKind.LeastSquares ? null : options.HuberDelta);

    private readonly DampedNewton _newton = new(data.Unknowns + 1);
    private readonly double[] _weights = new double[data.X1.Length];

    private double Neutral => JoinedPowers.Neutral(joining);

    /// <summary>The best of the searches.</summary>
    /// <param name="rowWeights">Weights by the caller's index of points; null: all one.</param>
    /// <param name="first">The solution with the powers summed.</param>
    /// <param name="known">The end of the full fit, which refits start from too; null for the full fit.</param>
    public PartSolution Solve(double[]? rowWeights, PartSolution first, PartSolution? known)
    {
        _objective.SetWeights(data.Weights(rowWeights, _weights));
        first = first with { Shape = Neutral };
        var bends = joining switch
        {
            Joining.OuterExponent => Gammas,
            Joining.Interaction => Kappas,
            _ => Decays,
        };
        PartSolution[] starts = known is null ? [first, .. bends.Select(shape => Bent(first, shape))] : [known, first];
        var ends = starts.Select(Descend).Where(MeansSomething).OrderBy(end => end.Objective).ToList();
        if (ends.Count == 0)
            return first with { Objective = _objective.Evaluate(Start(first), new double[_objective.Dimension]) };
        return ends[0] with
        {
            Starts = ends.Count,
            Agreeing = ends.Count(end => end.Objective <= ends[0].Objective * (1 + 1e-3)),
        };
    }

    // Runs that do not determine the shape let it and the exponents run away; then the sum stands.
    private bool MeansSomething(PartSolution end)
        => double.IsFinite(end.Objective)
            && joining switch
            {
                Joining.OuterExponent => end.Shape is > 1 / MostGamma and < MostGamma,
                Joining.Interaction => end.Shape < MostKappa,
                _ => end.Shape > 1 / RepeatedData.AsGoodAsNew,
            }
            && end.Alpha is > VariableProjection.LowestExponent and < MostExponent
            && end.Beta is > VariableProjection.LowestExponent and < MostExponent;

    // A law with another shape; raised to gamma its single terms are what they were.
    private PartSolution Bent(PartSolution start, double shape)
    {
        var root = joining == Joining.OuterExponent ? 1 / shape : 1;
        double[] coefficients = [.. start.Coefficients];
        for (var g = 0; g < data.Groups; g++)
            foreach (var column in new[] { data.Column[3 * g + 1], data.Column[3 * g + 2] })
                if (column >= 0)
                    coefficients[column] = Math.Pow(Math.Max(start.Coefficients[column], SmallestStart), root);
        return start with
        {
            Coefficients = coefficients,
            Alpha = start.Alpha * root,
            Beta = start.Beta * root,
            Shape = shape,
        };
    }

    private double[] Start(PartSolution start)
        => [.. start.Coefficients.Select(c => Math.Log(Math.Max(c, SmallestStart))), start.Alpha, start.Beta,
            start.Shape];

    private PartSolution Descend(PartSolution start)
    {
        var x = Start(start);
        var result = _newton.Minimize(_objective, x, Iterations, Tolerance);
        var columns = data.Columns;
        return new([.. x.Take(columns).Select(Math.Exp)], x[columns], x[columns + 1], result.Value, result.Converged,
            result.Iterations, 1, 1)
        { Shape = x[columns + 2] };
    }
}
