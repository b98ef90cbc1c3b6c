using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Σ w (prediction − L)², or Σ w Huber_δ(log prediction − log L), for laws with a shape, with JᵀWJ for its
/// Hessian (W: the weights of iteratively reweighted least squares). Variables: the logarithms of the linear unknowns
/// at the centre of the data, alpha, beta, the shape.</summary>
internal sealed class JoinedPowersObjective(FitData data, Joining joining, double? delta) : ICurvedObjective
{
    private const int Local = FitData.LocalSize + 1;
    private double[] _weights = data.OwnWeights;

    public int Dimension => data.Unknowns + 1;

    public void SetWeights(double[] weights) => _weights = weights;

    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient) => Evaluate(x, gradient, []);

    /// <summary>As the interface says; infinite where more parameters or more tokens would not help, or tokens seen
    /// again would be better than new ones.</summary>
    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian)
    {
        gradient.Clear();
        hessian.Clear();
        var (alpha, beta, shape) = (x[data.Columns], x[data.Columns + 1], x[data.Columns + 2]);
        if (joining == Joining.Repeats && shape < 0) return double.PositiveInfinity;
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
                var (shift, bend) =
                    joining == Joining.Repeats ? RepeatedData.Shift(data.Repeats[i], shape) : (0, 0);
                var x2 = data.X2[i] + shift;
                var (u, v) = (Math.Exp(logA - alpha * data.X1[i]), Math.Exp(logB - beta * x2));
                var (byU, byV, byShape) = JoinedPowers.Slopes(joining, u, v, shape);
                if (!(byU > 0 && byV > 0)) return double.PositiveInfinity;
                (slope[0], slope[1], slope[2]) = (e, byU * u, byV * v);
                (slope[3], slope[4], slope[5]) =
                    (-slope[1] * data.X1[i], -slope[2] * x2, byShape - slope[2] * beta * bend);
                total += Add(slope, index, i, e + JoinedPowers.Value(joining, u, v, shape), gradient, hessian);
            }
        }
        return total;
    }

    private double Add(Span<double> slope, ReadOnlySpan<int> index, int i, double predicted, Span<double> gradient,
        Span<double> hessian)
    {
        var residual = predicted - data.Y[i];
        var (value, pull, curvature) = (residual * residual, 2 * residual, 2.0);
        if (delta is { } most)
        {
            residual = Math.Log(predicted) - data.LogY[i];
            foreach (ref var one in slope) one /= predicted;
            pull = Math.Clamp(residual, -most, most);
            (value, curvature) = (pull * (residual - 0.5 * pull), residual == 0 ? 1 : pull / residual);
        }
        for (var k = 0; k < Local; k++)
        {
            gradient[index[k]] += _weights[i] * pull * slope[k];
            if (hessian.IsEmpty) continue;
            for (var l = 0; l < Local; l++)
                hessian[index[k] * Dimension + index[l]] += _weights[i] * curvature * slope[k] * slope[l];
        }
        return _weights[i] * value;
    }
}
