using PretrainBench.Analysis.Tables;
using PretrainBench.Core;
using PretrainBench.Studies;

namespace PretrainBench.Cli.Shell;

/// <summary>What the quickstart found, in a screenful.</summary>
internal static class QuickstartText
{
    /// <summary>The final losses, both laws, and what they bear.</summary>
    public static string Of(QuickstartResult result)
        => Losses(result.Table) + "\n" + string.Join("\n", result.Fits.Select(FitText.Of))
            + $"\n{result.Verdict.Headline}\n"
            + string.Concat(result.Verdict.Trust.Concat(result.Verdict.Sentences).Select(text => $"* {text}\n"));

    private static string Losses(RunTable table)
    {
        var rows = table.Rows.GroupBy(row => (row.N, row.Size, row.D)).OrderBy(cell => cell.Key.N)
            .ThenBy(cell => cell.Key.D)
            .Select(cell => (IReadOnlyList<string>)
            [
                cell.Key.Size, Quantity.Count(cell.Key.D),
                .. table.Optimizers.Select(name => cell.Where(row => row.Optimizer == name).Select(row => row.Loss))
                    .Select(losses => losses.DefaultIfEmpty(double.NaN).Min().Fixed(4)),
            ]).ToList();
        return "final losses, nats per token\n" + Tables.Render(["size", "tokens", .. table.Optimizers], rows);
    }
}
