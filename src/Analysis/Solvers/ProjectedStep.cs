namespace PretrainBench.Analysis.Solvers;

/// <summary>Damped Gauss-Newton on the exponents, the linear unknowns eliminated by a non-negative solve at every
/// point. The reduced matrix is the Schur complement S = H_θθ − H_θc G⁻¹ H_cθ over the unknowns that are not held at
/// zero.</summary>
internal sealed class ProjectedStep
{
    private const int MaximumIterations = 300;
    private const double StepTolerance = 1e-11;
    private readonly FitData _data;
    private readonly NonNegativeLeastSquares _solver;
    private readonly double[] _f1, _f2, _gram, _h, _c, _accepted, _factor, _border1, _border2, _half1, _half2;
    private readonly int[] _free, _first;
    private ExponentMoments _total;
    private double _s11, _s12, _s22;

    public ProjectedStep(FitData data)
    {
        _data = data;
        var n = data.Columns;
        _solver = new(n, data.EliminationOrder);
        (_f1, _f2) = (new double[data.X1.Length], new double[data.X1.Length]);
        (_gram, _factor) = (new double[n * n], new double[n * n]);
        (_h, _c, _accepted) = (new double[n], new double[n], new double[n]);
        (_border1, _border2, _half1, _half2) = (new double[n], new double[n], new double[n], new double[n]);
        (_free, _first) = (new int[n], new int[n]);
    }

    /// <summary>The linear unknowns where the last search ended.</summary>
    public ReadOnlySpan<double> Coefficients => _accepted;

    public ExponentSolution Polish(double[] weights, double alpha, double beta)
    {
        var objective = Evaluate(weights, alpha, beta);
        _c.CopyTo(_accepted, 0);
        Reduce();
        double damping = 1e-3, previous = double.PositiveInfinity;
        var iteration = 0;
        var converged = false;
        while (!converged && iteration < MaximumIterations && damping < 1e12)
        {
            iteration++;
            var (stepAlpha, stepBeta) = Step(damping, alpha, beta);
            var length = Math.Max(Math.Abs(stepAlpha), Math.Abs(stepBeta));
            var trial = Evaluate(weights, alpha + stepAlpha, beta + stepBeta);
            // Near the end the objective cannot tell steps apart; there a shrinking step is the better witness.
            var accept = trial <= objective
                || (trial <= objective * (1 + 1e-10) && length < 1e-6 && length < 0.7 * previous);
            converged = length < StepTolerance || (!accept && length < 1e-8);
            if (!accept) { damping = Math.Max(damping * 8, 1e-6); continue; }
            (alpha, beta, objective) = (alpha + stepAlpha, beta + stepBeta, trial);
            previous = length;
            damping = damping < 1e-10 ? 0 : damping * 0.1;
            _c.CopyTo(_accepted, 0);
            Reduce();
        }
        return new()
        {
            Alpha = alpha,
            Beta = beta,
            Objective = objective,
            Converged = converged,
            Iterations = iteration,
        };
    }

    // Solves the linear part at these exponents; returns the weighted sum of squares, from the residuals themselves.
    private double Evaluate(double[] weights, double alpha, double beta)
    {
        var n = _data.Columns;
        ExponentGrid.Powers(_data.X1, alpha, _f1);
        if (_data.HasSecond) ExponentGrid.Powers(_data.X2, beta, _f2);
        Array.Clear(_gram);
        Array.Clear(_h);
        for (var g = 0; g < _data.Groups; g++)
            LinearMoments.Of(_f1, _f2, _data.Y, weights, _data.Start[g], _data.Start[g + 1])
                .AddTo(_gram, _h, n, _data.Column.AsSpan(3 * g, 3));
        _solver.Solve(_gram, _h, n, _c);
        return Border(weights);
    }

    private double Border(double[] weights)
    {
        _total = default;
        Array.Clear(_border1);
        Array.Clear(_border2);
        for (var g = 0; g < _data.Groups; g++)
        {
            var (e, a, b) = (_data.Column[3 * g], _data.Column[3 * g + 1], _data.Column[3 * g + 2]);
            var m = ExponentMoments.Of(_data, g, _f1, _f2, weights, Value(e), Value(a), Value(b));
            if (e >= 0) { _border1[e] += m.D1; _border2[e] += m.D2; }
            if (a >= 0) { _border1[a] += m.D1F1; _border2[a] += m.D2F1; }
            if (b >= 0) { _border1[b] += m.D1F2; _border2[b] += m.D2F2; }
            _total.RR += m.RR; _total.RD1 += m.RD1; _total.RD2 += m.RD2;
            _total.D11 += m.D11; _total.D12 += m.D12; _total.D22 += m.D22;
        }
        return _total.RR;

        double Value(int column) => column < 0 ? 0 : _c[column];
    }

    // The Schur complement over the unknowns above zero.
    private void Reduce()
    {
        int n = _data.Columns, count = 0;
        foreach (var j in _data.EliminationOrder)
            if (_c[j] > 0) _free[count++] = j;
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k <= i; k++)
                _factor[i * count + k] = _gram[Math.Max(_free[i], _free[k]) * n + Math.Min(_free[i], _free[k])];
            _half1[i] = _border1[_free[i]];
            _half2[i] = _border2[_free[i]];
        }
        SmallCholesky.FactorDroppingDependent(_factor, count, count, _first);
        SmallCholesky.Solve(_factor, count, count, _half1, _first);
        SmallCholesky.Solve(_factor, count, count, _half2, _first);
        (_s11, _s12, _s22) = (_total.D11, _total.D12, _total.D22);
        for (var i = 0; i < count; i++)
        {
            _s11 -= _border1[_free[i]] * _half1[i];
            _s12 -= _border1[_free[i]] * _half2[i];
            _s22 -= _border2[_free[i]] * _half2[i];
        }
        (_gradient1, _gradient2) = (_total.RD1, _total.RD2);
    }

    private double _gradient1, _gradient2;

    // The damped step, cut to the bounds; an exponent at a bound that the step would cross stays.
    private (double Alpha, double Beta) Step(double damping, double alpha, double beta)
    {
        double a = Math.Max(_s11, 0) * (1 + damping), d = Math.Max(_s22, 0) * (1 + damping), b = _s12;
        bool free1 = a > 0 && !Blocked(alpha, _gradient1), free2 = d > 0 && !Blocked(beta, _gradient2);
        var determinant = a * d - b * b;
        double step1 = 0, step2 = 0;
        if (free1 && free2 && determinant > 1e-14 * a * d)
            (step1, step2) =
                ((d * _gradient1 - b * _gradient2) / determinant, (a * _gradient2 - b * _gradient1) / determinant);
        else if (free1) step1 = _gradient1 / a;
        else if (free2) step2 = _gradient2 / d;
        return (Clip(alpha, step1), Clip(beta, step2));

        static bool Blocked(double exponent, double direction)
            => (exponent <= VariableProjection.LowestExponent && direction < 0)
                || (exponent >= VariableProjection.HighestExponent && direction > 0);

        // At most a factor of two at once: the powers bend too fast for a longer step to be trusted.
        static double Clip(double exponent, double step)
            => Math.Clamp(exponent + step, Math.Max(VariableProjection.LowestExponent, exponent / 2),
                Math.Min(VariableProjection.HighestExponent, exponent * 2)) - exponent;
    }
}
