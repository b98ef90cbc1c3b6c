using System.Numerics;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Σ w Huber_δ( LSE(log E, log a − alpha x1, log b − beta x2) − log L ), the robust objective of Hoffmann et
/// al. (arXiv 2203.15556, eq. 3), divided by δ so that its size does not depend on δ. Variables: the logarithms of the
/// linear unknowns at the centre of the data, then alpha and beta.</summary>
internal sealed class LogHuberObjective(FitData data, double delta) : ICurvedObjective
{
    private double[] _weights = data.OwnWeights;

    public int Dimension => data.Unknowns;

    /// <summary>Where the Huber loss turns from a square to a line.</summary>
    public double Delta { get; set; } = delta;

    /// <summary>The weights, in the order of the layout.</summary>
    public void SetWeights(double[] weights) => _weights = weights;

    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
    {
        gradient.Clear();
        double total = 0;
        Span<double> local = stackalloc double[FitData.LocalSize];
        for (var g = 0; g < data.Groups; g++)
        {
            total += Slopes(Local(x, g), g, local);
            Scatter(local, g, gradient);
        }
        Finish(gradient);
        return total / Delta;
    }

    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian)
    {
        var value = Evaluate(x, gradient);
        hessian.Clear();
        Span<double> local = stackalloc double[FitData.LocalSize * FitData.LocalSize];
        for (var g = 0; g < data.Groups; g++)
        {
            LogHuberCurvature.Add(data, g, Local(x, g), _weights, Delta, local);
            for (var i = 0; i < FitData.LocalSize; i++)
            {
                var row = Index(g, i);
                if (row < 0) continue;
                for (var j = 0; j < FitData.LocalSize; j++)
                {
                    var column = Index(g, j);
                    if (column >= 0) hessian[row * Dimension + column] += local[i * FitData.LocalSize + j] / Delta;
                }
            }
        }
        return value;
    }

    private int Index(int group, int local) => local switch
    {
        3 => data.Columns,
        4 => data.HasSecond ? data.Columns + 1 : -1,
        _ => data.Column[3 * group + local],
    };

    // The variables of one group; a missing term has a coefficient of zero.
    private LogLaw Local(ReadOnlySpan<double> x, int group)
    {
        var (e, a, b) = (data.Column[3 * group], data.Column[3 * group + 1], data.Column[3 * group + 2]);
        return new LogLaw(
            e < 0 ? 0 : Math.Exp(x[e]), x[a], b < 0 ? double.NegativeInfinity : x[b], x[data.Columns],
            x[data.Columns + 1]);
    }

    private void Scatter(ReadOnlySpan<double> local, int group, Span<double> gradient)
    {
        for (var i = 0; i < FitData.LocalSize; i++)
        {
            var index = Index(group, i);
            if (index >= 0) gradient[index] += local[i];
        }
    }

    private void Finish(Span<double> gradient)
    {
        for (var i = 0; i < gradient.Length; i++) gradient[i] /= Delta;
    }

    private double Slopes(in LogLaw law, int group, Span<double> slopes)
    {
        Vector<double> value = default, se = default, s1 = default, s2 = default, sAlpha = default, sBeta = default;
        var (e, logA, logB) = (new Vector<double>(law.E), new Vector<double>(law.LogA), new Vector<double>(law.LogB));
        var (alpha, beta) = (new Vector<double>(law.Alpha), new Vector<double>(law.Beta));
        var (high, low) = (new Vector<double>(Delta), new Vector<double>(-Delta));
        for (var i = data.Start[group]; i < data.Start[group + 1]; i += Vector<double>.Count)
        {
            var (x1, x2) = (new Vector<double>(data.X1, i), new Vector<double>(data.X2, i));
            var t1 = Vector.Exp(Vector.Max(logA - alpha * x1, LogLaw.Vanishing));
            var t2 = Vector.Exp(Vector.Max(logB - beta * x2, LogLaw.Vanishing));
            var sum = e + t1 + t2;
            var r = Vector.Log(sum) - new Vector<double>(data.LogY, i);
            var clipped = Vector.Min(Vector.Max(r, low), high);
            var wc = new Vector<double>(_weights, i) * clipped;
            var over = wc / sum;
            var (g1, g2) = (over * t1, over * t2);
            value += wc * (r - 0.5 * clipped);
            se += over; s1 += g1; s2 += g2; sAlpha -= g1 * x1; sBeta -= g2 * x2;
        }
        slopes[0] = law.E * Vector.Sum(se);
        slopes[1] = Vector.Sum(s1);
        slopes[2] = Vector.Sum(s2);
        slopes[3] = Vector.Sum(sAlpha);
        slopes[4] = Vector.Sum(sBeta);
        return Vector.Sum(value);
    }
}

/// <summary>One group's law in the variables of the robust objective; LogB is −∞ when there is no second
/// power.</summary>
internal readonly record struct LogLaw(double E, double LogA, double LogB, double Alpha, double Beta)
{
    /// <summary>A term below e^−600 is held there: it is nothing beside a loss, and subnormal numbers are
    /// slow.</summary>
    public static Vector<double> Vanishing { get; } = new(-600);
}

/// <summary>A smooth function of a few variables with an analytic gradient.</summary>
internal interface IObjective
{
    int Dimension { get; }

    /// <summary>The value at x; the gradient goes into <paramref name="gradient"/>. Not finite outside the
    /// domain.</summary>
    double Evaluate(ReadOnlySpan<double> x, Span<double> gradient);
}

/// <summary>A function that gives its Hessian too.</summary>
internal interface ICurvedObjective : IObjective
{
    /// <summary>As <see cref="IObjective.Evaluate"/>, with the full symmetric Hessian, row-major.</summary>
    double Evaluate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian);
}
