using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Cli.Shell;

/// <summary>What the quickstart found, in a screenful.</summary>
internal static class QuickstartText
{
    /// <summary>The final losses, both laws, and what they say about each optimizer.</summary>
    /// <param name="fits">The laws, the shared one last.</param>
    public static string Of(RunTable table, IReadOnlyList<LawFit> fits)
        => Losses(table) + "\n" + string.Join("\n", fits.Select(FitText.Of)) + "\n" + Sentences(table, fits[^1]);

    private static string Losses(RunTable table)
    {
        var rows = table.Rows.GroupBy(row => (row.N, row.Size, row.D)).OrderBy(cell => cell.Key.N)
            .ThenBy(cell => cell.Key.D)
            .Select(cell => (IReadOnlyList<string>)
            [
                cell.Key.Size, Quantity.Count(cell.Key.D),
                .. table.Optimizers.Select(name => cell.Where(row => row.Optimizer == name).Select(row => row.Loss))
                    .Select(losses => $"{losses.DefaultIfEmpty(double.NaN).Min():0.0000}"),
            ]).ToList();
        return "final losses, nats per token\n" + Tables.Render(["size", "tokens", .. table.Optimizers], rows);
    }

    private static string Sentences(RunTable table, LawFit shared)
    {
        var intervals = ProfileIntervals.Of(shared).ToDictionary(interval => (interval.Optimizer, interval.Parameter));
        return string.Concat(shared.Parameters.Where(own => own.Optimizer != shared.Reference).Select(own =>
        {
            var wins = Wins(table, own.Optimizer, shared.Reference, out var cells);
            return $"{own.Optimizer}: lower loss than {shared.Reference} in {wins} of {cells} cells; by "
                + "the shared law its tokens are worth "
                + $"{Worth(intervals[(own.Optimizer, "rhoD")])} of {shared.Reference}'s, its parameters "
                + $"{Worth(intervals[(own.Optimizer, "rhoN")])}\n";
        })) + $"({Seeds(table)}, this scale; intervals hold if the law does)\n";
    }

    private static string Seeds(RunTable table)
    {
        var count = table.Rows.Select(row => row.Seed).Distinct().Count();
        return count == 1 ? "one seed" : $"{count} seeds";
    }

    private static string Worth(ProfileInterval rho)
        => $"{rho.Estimate:0.00} (95 %: {rho.Low:0.00} to {(double.IsFinite(rho.High) ? $"{rho.High:0.00}" : "any")})";

    private static int Wins(RunTable table, string optimizer, string reference, out int cells)
    {
        var pairs = table.Rows.Where(row => row.Optimizer == optimizer)
            .Select(row => (Own: row.Loss, Other: table.Rows.FirstOrDefault(other => other.Optimizer == reference
                && other.N == row.N && other.D == row.D && other.Seed == row.Seed)?.Loss))
            .Where(pair => pair.Other is not null).ToList();
        cells = pairs.Count;
        return pairs.Count(pair => pair.Own < pair.Other);
    }
}
