namespace PretrainBench.Analysis.Solvers;

/// <summary>min |Φc − y|² with c ≥ 0 from the normal equations G = ΦᵀΦ, h = Φᵀy: the active-set method of Lawson and
/// Hanson (1974) in the form of Bro and De Jong (1997). The usual case, an unconstrained solution without negative
/// entries, costs one factorisation; where some entries are negative, a few exchanges of whole sets usually end in
/// the solution (Portugal, Júdice and Vicente 1994). One instance for each thread; nothing is allocated after
/// construction.</summary>
/// <param name="order">All unknowns in the order of elimination; those that meet few others first cost least. As they
/// come when null.</param>
internal sealed class NonNegativeLeastSquares(int capacity, int[]? order = null)
{
    private const int MostExchanges = 10;
    private const double LeastSlope = 1e-12;
    private readonly int[] _order = order ?? [.. Enumerable.Range(0, capacity)];
    private readonly int[] _first = new int[capacity];
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
        if (negative && !TryExchange(gram, h, n, c)) SolveConstrained(gram, h, n, c);
    }

    // Leaves out all that is negative and takes back all that would lower the sum, until nothing is either: then the
    // conditions of the optimum hold. It may go round in circles, and is given up then.
    private bool TryExchange(ReadOnlySpan<double> gram, ReadOnlySpan<double> h, int n, Span<double> c)
    {
        for (var round = 0; round < MostExchanges; round++)
        {
            var changed = false;
            for (var j = 0; j < n; j++)
                if (_isPassive[j] && _trial[j] < 0) (_isPassive[j], changed) = (false, true);
            if (!changed)
            {
                _trial.AsSpan(0, n).CopyTo(c);
                for (var j = 0; j < n; j++)
                    if (!_isPassive[j] && Slope(gram, h, n, c, j) > LeastSlope * Math.Abs(h[j]))
                        (_isPassive[j], changed) = (true, true);
                if (!changed) return true;
            }
            SolvePassive(gram, h, n);
        }
        return false;
    }

    private static double Slope(ReadOnlySpan<double> gram, ReadOnlySpan<double> h, int n, ReadOnlySpan<double> c, int j)
    {
        var slope = h[j];
        for (var k = 0; k < n; k++) slope -= gram[Math.Max(j, k) * n + Math.Min(j, k)] * c[k];
        return slope;
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
            var slope = Slope(gram, h, n, c, j);
            _slope[j] = slope / Math.Sqrt(gram[j * n + j] + double.Epsilon);
            if (_slope[j] > bestSlope && slope > LeastSlope * Math.Abs(h[j])) (best, bestSlope) = (j, _slope[j]);
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
        foreach (var j in _order)
            if (j < n && _isPassive[j]) _passive[count++] = j;
        Span<double> right = _slope;
        for (var i = 0; i < count; i++)
        {
            right[i] = h[_passive[i]];
            for (var k = 0; k <= i; k++)
                _factor[i * count + k] =
                    gram[Math.Max(_passive[i], _passive[k]) * n + Math.Min(_passive[i], _passive[k])];
        }
        SmallCholesky.FactorDroppingDependent(_factor, count, count, _first);
        SmallCholesky.Solve(_factor, count, count, right, _first);
        _trial.AsSpan(0, n).Clear();
        for (var i = 0; i < count; i++) _trial[_passive[i]] = double.IsFinite(right[i]) ? right[i] : 0;
    }
}
