namespace PretrainBench.Grids.Scaling;

/// <summary>Loss against learning rate as a ladder shows it: parabolas in log rate through three neighbouring
/// rungs.</summary>
/// <param name="rates">Lowest first.</param>
/// <param name="losses">Infinite where a rung diverged.</param>
internal sealed class RateCurve(IReadOnlyList<double> rates, IReadOnlyList<double> losses)
{
    private readonly double[] _x = [.. rates.Select(rate => Math.Log(rate))];

    /// <summary>The rate of lowest loss: of the parabola around the best rung, or that rung where it lies on an edge or
    /// beside a diverged one.</summary>
    public (double Rate, double Loss) Best()
    {
        var best = Enumerable.Range(0, losses.Count).MinBy(i => losses[i]);
        if (best == 0 || best == losses.Count - 1 || !Parabola(best, out var slope, out var bend) || !(bend > 0))
            return (rates[best], losses[best]);
        var step = -slope / (2 * bend);
        return (Math.Exp(_x[best] + step), losses[best] + slope * step + bend * step * step);
    }

    /// <summary>The loss at a rate; infinite beside a diverged rung, null beyond the ladder.</summary>
    public double? At(double rate)
    {
        var x = Math.Log(rate);
        const double Rounding = 1e-9;
        if (x < _x[0] - Rounding || x > _x[^1] + Rounding) return null;
        var nearest = Enumerable.Range(0, _x.Length).MinBy(i => Math.Abs(_x[i] - x));
        var centre = Math.Clamp(nearest, Math.Min(1, _x.Length - 1), Math.Max(0, _x.Length - 2));
        if (Math.Abs(_x[nearest] - x) <= Rounding) return losses[nearest];
        if (!Parabola(centre, out var slope, out var bend)) return double.PositiveInfinity;
        var step = x - _x[centre];
        return losses[centre] + slope * step + bend * step * step;
    }

    // Around a rung: loss = its own + slope·step + bend·step².
    private bool Parabola(int centre, out double slope, out double bend)
    {
        (slope, bend) = (0, 0);
        if (centre < 1 || centre > _x.Length - 2) return false;
        var (left, right) = (_x[centre - 1] - _x[centre], _x[centre + 1] - _x[centre]);
        var (low, high) = (losses[centre - 1] - losses[centre], losses[centre + 1] - losses[centre]);
        bend = (high / right - low / left) / (right - left);
        slope = high / right - bend * right;
        return double.IsFinite(bend);
    }
}
