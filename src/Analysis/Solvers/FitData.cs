using System.Numerics;

namespace PretrainBench.Analysis.Solvers;

/// <summary>The points of one fit in flat arrays, sorted by optimizer ("group"). Each group is padded to whole vectors
/// with points of weight zero, so that inner loops need no remainder. Log variables are centred: a coefficient at the
/// centre of the data is nearly independent of its exponent, which the solvers need; <see cref="Centre1"/> and
/// <see cref="Centre2"/> undo it. <see cref="Column"/> says which unknown each group's E, a and b is: groups that share
/// one have the same index.</summary>
internal sealed class FitData
{
    /// <summary>The number of unknowns of one group: E, a, b, alpha, beta.</summary>
    public const int LocalSize = 5;

    private FitData(int groups, int[] column)
    {
        Groups = groups;
        Column = column;
        Columns = column.Max() + 1;
        var uses = column.Where(own => own >= 0).CountBy(own => own).ToDictionary();
        EliminationOrder = [.. column.Where(own => own >= 0).Distinct().OrderBy(own => uses[own] > 1)];
        HasFloor = column[0] >= 0;
        HasSecond = column[2] >= 0;
        Start = new int[groups + 1];
    }

    public int Groups { get; }

    /// <summary>The number of linear unknowns.</summary>
    public int Columns { get; }

    /// <summary>The number of all unknowns: the linear ones, alpha and beta.</summary>
    public int Unknowns => Columns + 2;

    /// <summary>For group g, the unknowns that are its E, a, b at [3g], [3g+1], [3g+2]; −1 where the law has
    /// none.</summary>
    public int[] Column { get; }

    /// <summary>The linear unknowns, group by group, those that groups share last: so the normal equations keep their
    /// zeros when they are solved.</summary>
    public int[] EliminationOrder { get; }

    /// <summary>Whether the law has a floor E.</summary>
    public bool HasFloor { get; }

    /// <summary>Whether the law has a second power.</summary>
    public bool HasSecond { get; }

    /// <summary>Where each group starts in the arrays; one more entry for the end.</summary>
    public int[] Start { get; }

    public int PointCount { get; private init; }

    /// <summary>Centred logarithm of the first variable.</summary>
    public required double[] X1 { get; init; }

    /// <summary>Centred logarithm of the second variable; zero where the law has none.</summary>
    public required double[] X2 { get; init; }

    public required double[] Y { get; init; }

    public required double[] LogY { get; init; }

    /// <summary>How often each point's data was seen again; zeros for laws that do not ask.</summary>
    public required double[] Repeats { get; init; }

    /// <summary>Each point's own weight: one unless runs are weighted, zero for padding.</summary>
    public required double[] OwnWeights { get; init; }

    /// <summary>The caller's index of each point; −1 for padding.</summary>
    public required int[] Row { get; init; }

    /// <summary>What was subtracted from the first log variable.</summary>
    public required double Centre1 { get; init; }

    /// <summary>What was subtracted from the second log variable.</summary>
    public required double Centre2 { get; init; }

    /// <summary>Lays out points; <paramref name="group"/> gives each point's optimizer, −1 for points of another
    /// fit.</summary>
    /// <param name="weights">Each point's own weight.</param>
    /// <param name="repeats">How often each point's data was seen again.</param>
    public static FitData Create(int groups, int[] column, int[] group, double[] logX1, double[] logX2, double[] loss,
        double[] weights, double[] repeats)
    {
        var order = Enumerable.Range(0, group.Length).Where(i => group[i] >= 0).OrderBy(i => group[i]).ToArray();
        var centre1 = order.Average(i => logX1[i]);
        var centre2 = column[2] >= 0 ? order.Average(i => logX2[i]) : 0;
        var lanes = Vector<double>.Count;
        var counts = new int[groups];
        foreach (var i in order) counts[group[i]]++;
        var length = counts.Sum(count => (count + lanes - 1) / lanes * lanes);
        var data = new FitData(groups, column)
        {
            PointCount = order.Length,
            X1 = new double[length],
            X2 = new double[length],
            Y = new double[length],
            LogY = new double[length],
            Repeats = new double[length],
            OwnWeights = new double[length],
            Row = new int[length],
            Centre1 = centre1,
            Centre2 = centre2,
        };
        Array.Fill(data.Y, 1);
        Array.Fill(data.Row, -1);
        var next = 0;
        for (int g = 0, position = 0; g < groups; g++)
        {
            data.Start[g] = position;
            for (var k = 0; k < counts[g]; k++, position++)
            {
                var row = order[next++];
                data.Place(position, row, logX1[row], logX2[row], loss[row]);
                (data.OwnWeights[position], data.Repeats[position]) = (weights[row], repeats[row]);
            }
            position += (lanes - counts[g] % lanes) % lanes;
            data.Start[g + 1] = position;
        }
        return data;
    }

    /// <summary>The points' own weights, in the layout's order, times weights by the caller's index (null:
    /// one).</summary>
    public double[] Weights(double[]? byRow, double[] into)
    {
        if (byRow == null) return OwnWeights;
        for (var i = 0; i < Row.Length; i++) into[i] = Row[i] < 0 ? 0 : OwnWeights[i] * byRow[Row[i]];
        return into;
    }

    /// <summary>The same points with other losses; everything else is shared.</summary>
    public FitData WithLoss(double[] loss)
    {
        var (y, logY) = (new double[Y.Length], new double[Y.Length]);
        Array.Fill(y, 1);
        for (var i = 0; i < Row.Length; i++)
            if (Row[i] >= 0) (y[i], logY[i]) = (loss[Row[i]], Math.Log(loss[Row[i]]));
        var data = new FitData(Groups, Column)
        {
            PointCount = PointCount,
            X1 = X1,
            X2 = X2,
            Y = y,
            LogY = logY,
            Repeats = Repeats,
            OwnWeights = OwnWeights,
            Row = Row,
            Centre1 = Centre1,
            Centre2 = Centre2,
        };
        Start.CopyTo(data.Start, 0);
        return data;
    }

    private void Place(int position, int row, double logX1, double logX2, double loss)
    {
        X1[position] = logX1 - Centre1;
        X2[position] = HasSecond ? logX2 - Centre2 : 0;
        Y[position] = loss;
        LogY[position] = Math.Log(loss);
        Row[position] = row;
    }
}
