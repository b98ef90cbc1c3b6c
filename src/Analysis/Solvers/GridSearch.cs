using System.Numerics;

namespace PretrainBench.Analysis.Solvers;

/// <summary>The least-squares objective at every pair of a grid of exponents. All sums but Σ w f1 f2 depend on one
/// exponent only, so a pair costs one product of vectors and one small non-negative solve.</summary>
internal sealed class GridSearch
{
    private readonly FitData _data;
    private readonly ExponentGrid _grid;
    private readonly NonNegativeLeastSquares _solver;
    private readonly LinearMoments[] _first, _second;
    private readonly double[] _weighted, _gram, _h, _c;
    private readonly double[] _objective;
    private readonly List<(double Objective, int Cell)> _minima = new(64);

    public GridSearch(FitData data, ExponentGrid grid)
    {
        (_data, _grid) = (data, grid);
        _solver = new(data.Columns, data.EliminationOrder);
        _first = new LinearMoments[grid.Powers1.Length * data.Groups];
        _second = new LinearMoments[grid.Powers2.Length * data.Groups];
        _weighted = new double[data.X1.Length];
        _gram = new double[data.Columns * data.Columns];
        (_h, _c) = (new double[data.Columns], new double[data.Columns]);
        _objective = new double[grid.Powers1.Length * grid.Powers2.Length];
    }

    /// <summary>Evaluates the grid; returns how many of its local minima to follow, at most
    /// <paramref name="most"/>.</summary>
    public int Run(double[] weights, int most)
    {
        var width = _grid.Powers2.Length;
        for (var i = 0; i < _grid.Powers1.Length; i++) Sum(_grid.Powers1[i], _grid.Powers1[i], weights, _first, i);
        for (var j = 0; j < width; j++) Sum(_grid.Powers2[j], _grid.Powers2[j], weights, _second, j);
        for (var i = 0; i < _grid.Powers1.Length; i++)
        {
            for (var k = 0; k < _weighted.Length; k += Vector<double>.Count)
                (new Vector<double>(weights, k) * new Vector<double>(_grid.Powers1[i], k)).CopyTo(_weighted, k);
            for (var j = 0; j < width; j++) _objective[i * width + j] = Evaluate(i, j);
        }
        _minima.Clear();
        for (var cell = 0; cell < _objective.Length; cell++)
            if (IsLocalMinimum(cell, width)) _minima.Add((_objective[cell], cell));
        _minima.Sort();
        return Math.Min(most, _minima.Count);
    }

    /// <summary>The exponents at the given local minimum, lowest first.</summary>
    public (double Alpha, double Beta) Minimum(int index)
    {
        var (i, j) = Math.DivRem(_minima[index].Cell, _grid.Powers2.Length);
        return (ExponentGrid.Exponents[i], ExponentGrid.Exponents[j]);
    }

    private void Sum(double[] f1, double[] f2, double[] weights, LinearMoments[] into, int index)
    {
        for (var g = 0; g < _data.Groups; g++)
            into[index * _data.Groups + g] =
                LinearMoments.Of(f1, f2, _data.Y, weights, _data.Start[g], _data.Start[g + 1]);
    }

    private double Evaluate(int i, int j)
    {
        var n = _data.Columns;
        Array.Clear(_gram);
        Array.Clear(_h);
        double squares = 0;
        for (var g = 0; g < _data.Groups; g++)
        {
            var moments = _first[i * _data.Groups + g];
            ref var second = ref _second[j * _data.Groups + g];
            (moments.F2, moments.F22, moments.F2Y) = (second.F2, second.F22, second.F2Y);
            moments.F12 = Dot(_weighted, _grid.Powers2[j], _data.Start[g], _data.Start[g + 1]);
            moments.AddTo(_gram, _h, n, _data.Column.AsSpan(3 * g, 3));
            squares += moments.YY;
        }
        _solver.Solve(_gram, _h, n, _c);
        for (var k = 0; k < n; k++) squares -= _c[k] * _h[k];
        return squares;
    }

    private static double Dot(double[] left, double[] right, int start, int end)
    {
        Vector<double> sum = default;
        for (var k = start; k < end; k += Vector<double>.Count)
            sum += new Vector<double>(left, k) * new Vector<double>(right, k);
        return Vector.Sum(sum);
    }

    // Ties count as minima on one side only, so that a flat stretch gives one start and not one for each cell.
    private bool IsLocalMinimum(int cell, int width)
    {
        var (row, column) = Math.DivRem(cell, width);
        for (var di = -1; di <= 1; di++)
        {
            for (var dj = -1; dj <= 1; dj++)
            {
                var (i, j) = (row + di, column + dj);
                if ((di == 0 && dj == 0) || i < 0 || j < 0 || i >= _grid.Powers1.Length || j >= width) continue;
                var other = i * width + j;
                if (_objective[other] < _objective[cell] || (_objective[other] == _objective[cell] && other < cell))
                    return false;
            }
        }
        return true;
    }
}
