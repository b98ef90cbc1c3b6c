namespace PretrainBench.Analysis.Solvers;

/// <summary>Newton's method with Levenberg damping: (H + λ diag|H|) s = −g, λ raised until the matrix is positive
/// definite and the step descends. Used to finish what L-BFGS or the first solver began; it ends, it never
/// throws.</summary>
internal sealed class DampedNewton
{
    private readonly int _n;
    private readonly double[] _gradient, _hessian, _factor, _step, _trial;

    public DampedNewton(int dimension)
    {
        _n = dimension;
        (_gradient, _step, _trial) = (new double[dimension], new double[dimension], new double[dimension]);
        (_hessian, _factor) = (new double[dimension * dimension], new double[dimension * dimension]);
    }

    /// <summary>The Hessian at the end of the last search, row-major.</summary>
    public ReadOnlySpan<double> Hessian => _hessian;

    /// <summary>Moves <paramref name="x"/> to a local minimum; <paramref name="frozen"/> holds the last variable where
    /// it is.</summary>
    public MinimizerResult Minimize(ICurvedObjective objective, Span<double> x, int maximumIterations, double tolerance,
        bool frozen = false)
    {
        var n = frozen ? _n - 1 : _n;
        var value = objective.Evaluate(x, _gradient, _hessian);
        var damping = 1e-4;
        for (var iteration = 1; iteration <= maximumIterations; iteration++)
        {
            var decrease = Solve(n, damping);
            if (!double.IsFinite(decrease))
            {
                damping = damping * 10 + 1e-8;
                if (damping > 1e14) return new(value, iteration, false);
                continue;
            }
            double length = 0;
            for (var i = 0; i < _n; i++)
            {
                _trial[i] = x[i] + _step[i];
                length = Math.Max(length, Math.Abs(_step[i]));
            }
            if (decrease <= tolerance * Math.Abs(value) && length < 1e-7) return new(value, iteration, true);
            var reached = objective.Evaluate(_trial, _step);
            if (!(reached < value))
            {
                if (decrease <= 1e-14 * Math.Abs(value) || damping > 1e14)
                    return new(value, iteration, decrease <= 1e-12 * Math.Abs(value));
                damping = Math.Max(damping * 10, 1e-8);
                continue;
            }
            var ratio = (value - reached) / decrease;
            damping = ratio > 0.75 ? damping * 0.1 : ratio < 0.25 ? Math.Max(damping * 4, 1e-8) : damping;
            _trial.CopyTo(x);
            value = objective.Evaluate(x, _gradient, _hessian);
        }
        return new(value, maximumIterations, false);
    }

    // The damped step, into the step array; returns the decrease that the quadratic model promises, NaN if indefinite.
    private double Solve(int n, double damping)
    {
        double largest = 0;
        for (var i = 0; i < n; i++) largest = Math.Max(largest, Math.Abs(_hessian[i * _n + i]));
        Array.Clear(_step);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++) _factor[i * n + j] = _hessian[i * _n + j];
            _factor[i * n + i] += damping * Math.Max(Math.Abs(_hessian[i * _n + i]), 1e-10 * largest);
            _step[i] = -_gradient[i];
        }
        if (!SmallCholesky.TryFactor(_factor, n, n)) return double.NaN;
        SmallCholesky.Solve(_factor, n, n, _step.AsSpan(0, n));
        double slope = 0, curve = 0, length = 0;
        for (var i = 0; i < n; i++)
        {
            slope += _gradient[i] * _step[i];
            length = Math.Max(length, Math.Abs(_step[i]));
            for (var j = 0; j < n; j++) curve += _step[i] * _hessian[i * _n + j] * _step[j];
        }
        if (length > 3) return double.NaN;
        var decrease = -slope - 0.5 * curve;
        return decrease > 0 ? decrease : double.NaN;
    }
}

/// <summary>How a search ended.</summary>
/// <param name="Converged">Whether a tolerance was met.</param>
internal readonly record struct MinimizerResult(double Value, int Iterations, bool Converged);
