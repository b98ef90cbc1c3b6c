using PretrainBench.Core;

namespace PretrainBench.Theory.Phases;

/// <summary>One budget f = steps · B · d: the loss over widths, and its minimum.</summary>
/// <param name="Flops">f, in multiplications of the model (the theory's unit, not hardware FLOPs).</param>
/// <param name="Widths">d of each point, rising.</param>
/// <param name="Losses">P at (d, f/(Bd)).</param>
/// <param name="OptimalWidth">d*, from the parabola through the three points around the lowest, in logarithms.</param>
/// <param name="OptimalLoss">P*, from the same parabola.</param>
public sealed record IsoFlopSlice(
    double Flops, IReadOnlyList<double> Widths, IReadOnlyList<double> Losses, double OptimalWidth, double OptimalLoss);

/// <summary>Computes slices in the deterministic limit.</summary>
internal static class IsoFlop
{
    /// <summary>Widths per decade: the parabola's error in log d* is then below .005.</summary>
    public const int WidthsPerDecade = 10;

    /// <summary>The narrowest width: below it the power law of the spectrum has not begun.</summary>
    public const double NarrowestWidth = 10;

    /// <summary>Slices for rising budgets; the optimum of each lies inside its widths.</summary>
    /// <param name="stepScale">γ Σ_j j^−2α.</param>
    public static IReadOnlyList<IsoFlopSlice> Slices(
        PowerLawPoint point,
        IReadOnlyList<double> flops,
        double featureRatio,
        double stepScale,
        int batch,
        CancellationToken cancellation = default)
    {
        var widest = flops[^1] / (batch * DeterministicLoss.FirstStep);
        var count = (int)Math.Floor(Math.Log10(widest / NarrowestWidth) * WidthsPerDecade) + 1;
        var columns = new double[count][];
        new LabParallel(cancellation).For(count, i =>
        {
            var width = WidthOf(i);
            double[] steps = [.. flops.Select(f => f / (batch * width)).Where(r => r >= DeterministicLoss.FirstStep)];
            columns[i] = DeterministicLoss.At(point, width, featureRatio, stepScale, batch, steps);
        });
        return [.. flops.Select((f, k) => Slice(f, k, flops.Count, columns))];
    }

    private static double WidthOf(int index) => NarrowestWidth * Math.Pow(10, (double)index / WidthsPerDecade);

    private static IsoFlopSlice Slice(double flops, int budget, int budgets, double[][] columns)
    {
        var widths = new List<double>();
        var losses = new List<double>();
        for (var i = 0; i < columns.Length; i++)
        {
            var at = columns[i].Length - budgets + budget; // a column lacks its first budgets, those of too few steps
            if (at < 0) break;
            widths.Add(WidthOf(i));
            losses.Add(columns[i][at]);
        }
        var lowest = losses.IndexOf(losses.Min());
        if (lowest == 0 || lowest == losses.Count - 1)
            throw new UserException(
                $"theory phases: at f = {flops:0.##e+0} the best width is not inside [{widths[0]}, "
                    + $"{widths[^1]:0}]; raise the budget.");
        double left = Math.Log(losses[lowest - 1]), middle = Math.Log(losses[lowest]),
            right = Math.Log(losses[lowest + 1]);
        var shift = 0.5 * (left - right) / (left - 2 * middle + right);
        var value = middle - (left - right) * shift / 4;
        return new IsoFlopSlice(flops, widths, losses, WidthOf(lowest) * Math.Pow(10, shift / WidthsPerDecade),
            Math.Exp(value));
    }
}

/// <summary>η and ξ fitted over one window of budgets, beside the table.</summary>
/// <param name="Table">What the theory's table says.</param>
/// <param name="Eta">Measured η: −slope of log P* in log f.</param>
/// <param name="Xi">Measured ξ: slope of log d* in log f.</param>
public sealed record MeasuredPhaseExponents(
    PowerLawPoint Point, PhaseExponents Table, double FirstFlops, double LastFlops, double Eta, double Xi)
{
    /// <summary>Fits the slices whose budget lies in the window.</summary>
    public static MeasuredPhaseExponents Fit(PowerLawPoint point, IEnumerable<IsoFlopSlice> slices, double firstFlops,
        double lastFlops)
    {
        // Budgets are powers of ten computed in floating point: a hair of room keeps both ends in.
        var inside = slices.Where(s => s.Flops >= firstFlops * 0.999 && s.Flops <= lastFlops * 1.001).ToArray();
        var flops = Array.ConvertAll(inside, s => s.Flops);
        return new MeasuredPhaseExponents(
            point,
            PhaseExponents.At(point),
            firstFlops,
            lastFlops,
            -PowerLaw.SlopeOf(flops, Array.ConvertAll(inside, s => s.OptimalLoss)),
            PowerLaw.SlopeOf(flops, Array.ConvertAll(inside, s => s.OptimalWidth)));
    }
}
