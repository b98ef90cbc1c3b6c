using MathNet.Numerics.Statistics;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>Values that no run can have, and values that look like another unit's.</summary>
internal static class TableUnits
{
    /// <summary>The code of rows that are left out for such a value.</summary>
    public const string Impossible = "impossible";

    // Guessing among a million tokens is 13.8 nats.
    private const double MostLoss = 50, LeastLoss = 1e-3, MostCount = 1e20, MostFlops = 1e40;

    // Guessing among 262,144 tokens; below: what a byte costs, not a token.
    private const double LikelyMostLoss = 12.5, LikelyLeastLoss = 1.2;
    private const double LikelyLeastN = 1e4, LikelyMostRatio = 1e5, LikelyLeastRatio = 0.1;

    /// <summary>Why a value cannot be, and what it may be instead; null where it can.</summary>
    /// <param name="name">The column's name in the file.</param>
    public static string? WhyImpossible(string property, string name, double value) => property switch
    {
        nameof(RunRow.Loss) when value > MostLoss => $"{name} is {value.Rounded(4)}, above {MostLoss} nats per token; "
            + $"is it a perplexity (of {Math.Log(value).Rounded(3)} nats)?",
        nameof(RunRow.Loss) when value < LeastLoss => $"{name} is {value.Rounded(4)}, below {LeastLoss} nats per "
            + "token, which no model of text reaches; is it a difference, or another unit?",
        nameof(RunRow.N) or nameof(RunRow.D) when value < 1
            => $"{name} is {value.Rounded(4)}, below 1; are these millions or billions?",
        nameof(RunRow.N) or nameof(RunRow.D) when value > MostCount
            => $"{name} is {value.Rounded(4)}, above {MostCount.Rounded(1)}; is it another quantity, such as FLOPs?",
        nameof(RunRow.Flops) when value > MostFlops
            => $"{name} is {value.Rounded(4)}, above {MostFlops.Rounded(1)} FLOPs; is the unit another?",
        _ => null,
    };

    /// <summary>Warns about units that are not likely meant.</summary>
    public static void Check(RunTable table, List<Finding> findings)
    {
        Loss(table, findings);
        var n = table.Rows.Select(row => row.N).Median();
        if (n < LikelyLeastN)
            findings.Warn("unlikely-units", $"The median N is {n.Rounded(3)} parameters: are these thousands, millions "
                + "or billions? Laws need plain numbers.");
        var ratio = table.Rows.Select(row => row.D / row.N).Median();
        if (ratio is > LikelyMostRatio or < LikelyLeastRatio)
            findings.Warn("unlikely-units", $"The median run has {ratio.Rounded(3)} tokens per parameter: are N and D "
                + "in the same unit, plain numbers?");
    }

    private static void Loss(RunTable table, List<Finding> findings)
    {
        var column = table.Columns.GetValueOrDefault("loss", "");
        var loss = table.Rows.Select(row => row.Loss).Median();
        bool Names(params string[] words)
            => words.Any(word => column.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (loss > LikelyMostLoss || Names("ppl", "perplexity"))
            findings.Warn("unlikely-units", $"The losses (column {column}, median {loss.Rounded(3)}) look like "
                + "perplexities: laws need their logarithms, nats per token.");
        else if (loss < LikelyLeastLoss || Names("bits", "bpb", "bpc"))
            findings.Warn("unlikely-units", $"The losses (column {column}, median {loss.Rounded(3)}) look like bits, "
                + "or like losses of a byte: laws need nats per token.");
    }
}
