namespace PretrainBench.Analysis.Solvers;

/// <summary>L-BFGS (Liu and Nocedal 1989) with the two-loop recursion and a line search for the strong Wolfe conditions
/// by bracketing and cubic interpolation (Nocedal and Wright 2006, algorithms 3.5 and 3.6). It returns the point
/// reached in every case and never throws. One instance for each thread; nothing is allocated while
/// searching.</summary>
internal sealed class LimitedMemoryBfgs
{
    private const int Memory = 10;
    private const double SufficientDecrease = 1e-4, Curvature = 0.9;
    private readonly int _n;
    private readonly double[][] _steps, _changes;
    private readonly double[] _rho = new double[Memory], _coefficient = new double[Memory];
    private readonly double[] _gradient, _direction, _trial, _trialGradient;
    private int _stored, _newest;

    public LimitedMemoryBfgs(int dimension)
    {
        _n = dimension;
        _steps = [.. Enumerable.Range(0, Memory).Select(_ => new double[dimension])];
        _changes = [.. Enumerable.Range(0, Memory).Select(_ => new double[dimension])];
        (_gradient, _direction) = (new double[dimension], new double[dimension]);
        (_trial, _trialGradient) = (new double[dimension], new double[dimension]);
    }

    /// <summary>Moves <paramref name="x"/> to a local minimum, as far as the iterations allow.</summary>
    public MinimizerResult Minimize(IObjective objective, Span<double> x, int maximumIterations, double tolerance)
    {
        _stored = 0;
        var value = objective.Evaluate(x, _gradient);
        if (!double.IsFinite(value)) return new(double.PositiveInfinity, 0, false);
        for (var iteration = 1; iteration <= maximumIterations; iteration++)
        {
            var slope = Direction();
            if (!(slope < 0)) return new(value, iteration, Largest(_gradient) < 1e-7);
            var first = _stored > 0 ? 1 : Math.Min(1, 1 / Largest(_gradient));
            var reached = Search(objective, x, value, slope, first);
            if (!(reached < value))
            {
                if (_stored == 0) return new(value, iteration, Largest(_gradient) < 1e-7);
                _stored = 0;
                continue;
            }
            Remember(x);
            var change = value - reached;
            value = reached;
            if (change <= tolerance * Math.Max(Math.Abs(value), 1e-8)) return new(value, iteration, true);
        }
        return new(value, maximumIterations, false);
    }

    private static double Largest(double[] vector)
    {
        double largest = 0;
        foreach (var entry in vector) largest = Math.Max(largest, Math.Abs(entry));
        return largest;
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    // The two-loop recursion; returns the slope along the direction.
    private double Direction()
    {
        for (var i = 0; i < _n; i++) _direction[i] = -_gradient[i];
        for (var k = 0; k < _stored; k++)
        {
            var slot = (_newest - k + Memory) % Memory;
            _coefficient[slot] = _rho[slot] * Dot(_steps[slot], _direction);
            for (var i = 0; i < _n; i++) _direction[i] -= _coefficient[slot] * _changes[slot][i];
        }
        if (_stored > 0)
        {
            var scale = 1 / (_rho[_newest] * Dot(_changes[_newest], _changes[_newest]));
            for (var i = 0; i < _n; i++) _direction[i] *= scale;
        }
        for (var k = _stored - 1; k >= 0; k--)
        {
            var slot = (_newest - k + Memory) % Memory;
            var correction = _coefficient[slot] - _rho[slot] * Dot(_changes[slot], _direction);
            for (var i = 0; i < _n; i++) _direction[i] += correction * _steps[slot][i];
        }
        return Dot(_direction, _gradient);
    }

    // Takes the trial point, and keeps the pair of step and change of gradient when its curvature is positive.
    private void Remember(Span<double> x)
    {
        var slot = (_newest + 1) % Memory;
        double curvature = 0, length = 0;
        for (var i = 0; i < _n; i++)
        {
            _steps[slot][i] = _trial[i] - x[i];
            _changes[slot][i] = _trialGradient[i] - _gradient[i];
            curvature += _steps[slot][i] * _changes[slot][i];
            length += _changes[slot][i] * _changes[slot][i];
            x[i] = _trial[i];
            _gradient[i] = _trialGradient[i];
        }
        if (!(curvature > 1e-16 * length) || !double.IsFinite(curvature)) return;
        _rho[slot] = 1 / curvature;
        _newest = slot;
        _stored = Math.Min(_stored + 1, Memory);
    }

    // A step that satisfies the strong Wolfe conditions, or the best decrease found; leaves the trial point there.
    private double Search(IObjective objective, ReadOnlySpan<double> x, double value, double slope, double step)
    {
        double low = 0, lowValue = value, lowSlope = slope, high = double.PositiveInfinity, highValue = 0,
            highSlope = 0;
        for (var round = 0; round < 25; round++)
        {
            var reached = At(objective, x, step);
            var reachedSlope = Dot(_trialGradient, _direction);
            var finite = double.IsFinite(reached) && double.IsFinite(reachedSlope);
            if (!finite || reached > value + SufficientDecrease * step * slope || reached >= lowValue)
                (high, highValue, highSlope) = (step, finite ? reached : double.PositiveInfinity, reachedSlope);
            else
            {
                if (Math.Abs(reachedSlope) <= -Curvature * slope) return reached;
                if (reachedSlope * (high > low ? 1 : -1) >= 0) (high, highValue, highSlope) = (low, lowValue, lowSlope);
                (low, lowValue, lowSlope) = (step, reached, reachedSlope);
            }
            if (double.IsInfinity(high)) { step *= 4; continue; }
            step = Between(low, lowValue, lowSlope, high, highValue, highSlope);
            if (Math.Abs(high - low) <= 1e-12 * Math.Max(low, high)) break;
        }
        return lowValue < value ? At(objective, x, low) : value;
    }

    private double At(IObjective objective, ReadOnlySpan<double> x, double step)
    {
        for (var i = 0; i < _n; i++) _trial[i] = x[i] + step * _direction[i];
        return objective.Evaluate(_trial, _trialGradient);
    }

    // The minimum of the cubic through two points and slopes, kept off the ends; the middle when there is none.
    private static double Between(double low, double lowValue, double lowSlope, double high, double highValue,
        double highSlope)
    {
        var width = high - low;
        var middle = low + 0.5 * width;
        if (!double.IsFinite(highValue) || !double.IsFinite(highSlope)) return low + 0.2 * width;
        var d1 = lowSlope + highSlope - 3 * (lowValue - highValue) / (low - high);
        var square = d1 * d1 - lowSlope * highSlope;
        if (square < 0) return middle;
        var d2 = Math.Sign(width) * Math.Sqrt(square);
        var step = high - width * ((highSlope + d2 - d1) / (highSlope - lowSlope + 2 * d2));
        var margin = 0.1 * Math.Abs(width);
        return double.IsFinite(step) && step > Math.Min(low, high) + margin && step < Math.Max(low, high) - margin
            ? step
            : middle;
    }
}
