namespace PretrainBench.Reports.Charts;

/// <summary>Places data values of one axis on pixels.</summary>
internal sealed class AxisMap
{
    private const double Padding = 0.045;
    private const double SmallestTickPixels = 24;

    private readonly Axis _axis;
    private readonly double _pixelLow;
    private readonly double _pixelHigh;

    /// <summary>Creates the map for a range of values and a range of pixels.</summary>
    /// <param name="range">The lowest and highest value shown; see <see cref="Range"/>.</param>
    /// <param name="pixelLow">Where the lowest value lies.</param>
    /// <param name="pixelHigh">Where the highest value lies.</param>
    public AxisMap(Axis axis, (double Low, double High) range, double pixelLow, double pixelHigh)
    {
        _axis = axis;
        (Low, High) = range;
        _pixelLow = pixelLow;
        _pixelHigh = pixelHigh;
    }

    /// <summary>The lowest value shown.</summary>
    public double Low { get; }

    /// <summary>The highest value shown.</summary>
    public double High { get; }

    /// <summary>Whether a value can be drawn and lies in the range.</summary>
    public bool Shows(double value) => double.IsFinite(value) && value >= Low && value <= High;

    /// <summary>Whether a value has a place at all: finite, and positive on a logarithmic axis.</summary>
    public bool CanPlace(double value) => double.IsFinite(value) && (_axis.Scale != AxisScale.Log || value > 0);

    /// <summary>The pixel of a value that <see cref="CanPlace"/>.</summary>
    public double ToPixel(double value)
    {
        var fraction = _axis.Scale == AxisScale.Log
            ? Math.Log(value / Low) / Math.Log(High / Low)
            : (value - Low) / (High - Low);
        return _pixelLow + fraction * (_pixelHigh - _pixelLow);
    }

    /// <summary>As many ticks as fit when each needs <paramref name="pixelsPerTick"/> pixels.</summary>
    public IReadOnlyList<Tick> TicksAt(double pixelsPerTick)
    {
        if (_axis.Scale == AxisScale.Category)
            return [.. _axis.Categories.Select((name, index) => new Tick(index, name))];
        var most = Math.Max(2, (int)(Math.Abs(_pixelHigh - _pixelLow) / pixelsPerTick));
        var ticks = Choose(most);
        while (most > 2 && Collide(ticks)) ticks = Choose(--most);
        return ticks;
    }

    // On a logarithmic axis neighbours are not equally far apart, so counting alone does not keep labels apart.
    private bool Collide(IReadOnlyList<Tick> ticks)
        => _axis.Scale == AxisScale.Log && ticks.Zip(ticks.Skip(1), (a, b) =>
        Math.Abs(ToPixel(b.Value) - ToPixel(a.Value)) < SmallestTickPixels).Any(isClose => isClose);

    private IReadOnlyList<Tick> Choose(int most)
    {
        return _axis.Scale == AxisScale.Log
            ? Ticks.Log(Low, High, most, _axis.Format)
            : Ticks.Linear(Low, High, most, _axis.Format);
    }

    /// <summary>The range that an axis shows: its own limits, else the data's with a little air.</summary>
    /// <param name="values">The data along it; values that have no place are ignored.</param>
    public static (double Low, double High) Range(Axis axis, IEnumerable<double> values)
    {
        if (axis.Scale == AxisScale.Category) return (-0.5, Math.Max(1, axis.Categories.Count) - 0.5);
        var isLog = axis.Scale == AxisScale.Log;
        var low = double.PositiveInfinity;
        var high = double.NegativeInfinity;
        foreach (var value in values.Where(v => double.IsFinite(v) && (!isLog || v > 0)))
        {
            var place = isLog ? Math.Log(value) : value;
            (low, high) = (Math.Min(low, place), Math.Max(high, place));
        }
        if (low > high) (low, high) = (0, 1);
        // A single value still needs a range around it; on a log axis a factor, on a linear one a share of its size.
        var isPoint = high - low <= 1e-12 * Math.Max(1, Math.Abs(low));
        var air = !isPoint ? (high - low) * Padding : isLog ? 0.5 : Math.Max(Math.Abs(low) * 0.1, 1e-9);
        (low, high) = (low - air, high + air);
        var (first, last) = isLog ? (Math.Exp(low), Math.Exp(high)) : (low, high);
        return WithLimits(axis, first, last, isLog);
    }

    private static (double Low, double High) WithLimits(Axis axis, double low, double high, bool isLog)
    {
        var first = axis.Minimum is { } minimum && (!isLog || minimum > 0) ? minimum : low;
        var last = axis.Maximum is { } maximum && (!isLog || maximum > 0) ? maximum : high;
        return first < last ? (first, last) : isLog ? (first / 2, first * 2) : (first - 1, first + 1);
    }
}
