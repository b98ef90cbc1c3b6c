namespace PretrainBench.Analysis.Solvers;

/// <summary>The start grid of Hoffmann et al. (arXiv 2203.15556, appendix D.3): alpha, beta in {0, .5, 1, 1.5, 2}, e in
/// {−1, −.5, 0, .5, 1}, a, b in {0, 5, …, 25}; 4,500 points for a law in two variables with a floor.</summary>
internal static class RobustStartGrid
{
    private static readonly double[] Exponents = [0, 0.5, 1, 1.5, 2];
    private static readonly double[] LogFloors = [-1, -0.5, 0, 0.5, 1];
    private static readonly double[] LogCoefficients = [0, 5, 10, 15, 20, 25];

    /// <summary>The starts in the centred variables of <see cref="LogHuberObjective"/>; optimizers start
    /// alike.</summary>
    public static List<double[]> Starts(FitData data)
    {
        var starts = new List<double[]>();
        foreach (var alpha in Exponents)
            foreach (var beta in data.HasSecond ? Exponents : [0])
                foreach (var e in data.HasFloor ? LogFloors : [0])
                    foreach (var a in LogCoefficients)
                        foreach (var b in data.HasSecond ? LogCoefficients : [0])
                            starts.Add(Start(data, e, a - alpha * data.Centre1, b - beta * data.Centre2, alpha, beta));
        return starts;
    }

    private static double[] Start(FitData data, double e, double a, double b, double alpha, double beta)
    {
        var x = new double[data.Unknowns];
        for (var g = 0; g < data.Groups; g++)
        {
            if (data.Column[3 * g] >= 0) x[data.Column[3 * g]] = e;
            x[data.Column[3 * g + 1]] = a;
            if (data.Column[3 * g + 2] >= 0) x[data.Column[3 * g + 2]] = b;
        }
        x[data.Columns] = alpha;
        x[data.Columns + 1] = beta;
        return x;
    }
}
