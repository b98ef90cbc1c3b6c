namespace PretrainBench.Analysis.Solvers;

/// <summary>min |Φc − y|² with c ≥ 0 from the normal equations G = ΦᵀΦ, h = Φᵀy: the active-set method of Lawson and
/// Hanson (1974) in the form of Bro and De Jong (1997). The usual case, an unconstrained solution without negative
/// entries, costs one factorisation. One instance for each thread; nothing is allocated after construction.</summary>
internal sealed class NonNegativeLeastSquares(int capacity)
{
    private readonly double[] _factor = new double[capacity * capacity];
    private readonly double[] _trial = new double[capacity];
    private readonly double[] _slope = new double[capacity];
    private readonly int[] _passive = new int[capacity];
    private readonly bool[] _isPassive = new bool[capacity];

    /// <summary>Solves for the first <paramref name="n"/> unknowns; <paramref name="gram"/> is n × n, full or lower
    /// triangle.</summary>
    public void Solve(ReadOnlySpan<double> gram, ReadOnlySpan<double> h, int n, Span<double> c)
    {
        _isPassive.AsSpan(0, n).Fill(true);
        SolvePassive(gram, h, n);
        var negative = false;
        for (var j = 0; j < n; j++)
        {
            c[j] = _trial[j];
            negative |= c[j] < 0;
        }
        if (negative) SolveConstrained(gram, h, n, c);
    }

    private void SolveConstrained(ReadOnlySpan<double> gram, ReadOnlySpan<double> h, int n, Span<double> c)
    {
        c[..n].Clear();
        _isPassive.AsSpan(0, n).Clear();
        for (var round = 0; round < 3 * n; round++)
        {
            var enter = SteepestActive(gram, h, n, c);
            if (enter < 0) return;
            _isPassive[enter] = true;
            for (var inner = 0; inner < n + 1; inner++)
            {
                SolvePassive(gram, h, n);
                if (inner == 0 && _trial[enter] <= 0) { _isPassive[enter] = false; return; }
                if (StepTowardsTrial(n, c)) break;
            }
        }
    }

    private int SteepestActive(ReadOnlySpan<double> gram, ReadOnlySpan<double> h, int n, ReadOnlySpan<double> c)
    {
        var best = -1;
        double bestSlope = 0;
        for (var j = 0; j < n; j++)
        {
            if (_isPassive[j]) continue;
            var slope = h[j];
            for (var k = 0; k < n; k++) slope -= gram[Math.Max(j, k) * n + Math.Min(j, k)] * c[k];
            _slope[j] = slope / Math.Sqrt(gram[j * n + j] + double.Epsilon);
            if (_slope[j] > bestSlope && slope > 1e-12 * Math.Abs(h[j])) (best, bestSlope) = (j, _slope[j]);
        }
        return best;
    }

    // Moves c to the trial solution or to the first bound on the way; true when the trial was reached.
    private bool StepTowardsTrial(int n, Span<double> c)
    {
        double step = 1;
        for (var j = 0; j < n; j++)
            if (_isPassive[j] && _trial[j] < 0) step = Math.Min(step, c[j] / (c[j] - _trial[j]));
        var reached = step >= 1;
        for (var j = 0; j < n; j++)
        {
            if (!_isPassive[j]) continue;
            c[j] += step * (_trial[j] - c[j]);
            if (!reached && _trial[j] < 0 && c[j] <= 1e-14 * Math.Abs(_trial[j])) (c[j], _isPassive[j]) = (0, false);
        }
        return reached;
    }

    // The unconstrained solution over the passive unknowns, zero elsewhere, into the trial vector.
    private void SolvePassive(ReadOnlySpan<double> gram, ReadOnlySpan<double> h, int n)
    {
        var count = 0;
        for (var j = 0; j < n; j++)
            if (_isPassive[j]) _passive[count++] = j;
        Span<double> right = _slope;
        for (var i = 0; i < count; i++)
        {
            right[i] = h[_passive[i]];
            for (var k = 0; k <= i; k++) _factor[i * count + k] = gram[_passive[i] * n + _passive[k]];
        }
        SmallCholesky.FactorDroppingDependent(_factor, count, count);
        SmallCholesky.Solve(_factor, count, count, right);
        _trial.AsSpan(0, n).Clear();
        for (var i = 0; i < count; i++) _trial[_passive[i]] = double.IsFinite(right[i]) ? right[i] : 0;
    }
}
