using MathNet.Numerics.Statistics;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>Checks that the rows of a table belong together: one corpus, one measure of the loss, one run of a seed in
/// a cell, one spelling of a name.</summary>
internal static class TableMixture
{
    /// <summary>How near a ratio of losses must come to log2(e) to be called bits against nats.</summary>
    private const double NearBits = 0.08;

    /// <summary>Runs a cell of one optimizer over those of another from which choosing the best favours it.</summary>
    private const double MostUnequalChoice = 1.05;

    private static readonly (string Name, Func<RunRow, string> Value)[] Corpus =
    [
        ("data_hash", row => row.DataHash), ("tokenizer_hash", row => row.TokenizerHash),
        ("validation_tokens", row => $"{row.ValidationTokens}"),
    ];

    private static readonly (string Name, Func<RunRow, string> Value)[] Recipe =
    [
        ("sequence_length", row => $"{row.SequenceLength}"), ("schedule", row => row.Schedule),
        ("precision", row => row.Precision),
    ];

    private static readonly (string Name, Func<RunRow, string> Value)[] Versions =
        [("program", row => row.Program), ("torch", row => row.Torch)];

    public static void Check(RunTable table, List<Finding> findings)
    {
        foreach (var (name, values) in Mixed(table, Corpus))
            findings.Unfair("mixed-corpora", $"The table mixes runs on different data: {name} is {values}. Their "
                + "losses cannot be compared or fitted together; give one corpus at a time.");
        foreach (var (name, value) in Corpus)
        {
            var unknown = table.Rows.Count(row => value(row).Length == 0);
            if (unknown > 0 && unknown < table.Rows.Count)
                findings.Warn("unknown-corpus", $"{unknown} of {table.Rows.Count} runs have no {name}: whether they "
                    + "saw the same data as the others is not known.");
        }
        foreach (var (name, values) in Mixed(table, Recipe))
            findings.Unfair("mixed-recipes", $"The table mixes runs of different {name}: {values}.");
        foreach (var (name, values) in Mixed(table, Versions))
            findings.Warn("mixed-versions", $"The table mixes runs of different versions: {name} is {values}.");
        Rates(table, findings);
        Spellings(table, findings);
        Bits(table, findings);
        Seeds(table, findings);
        Repeats(table, findings);
        Choice(table, findings);
        Averages(table, findings);
    }

    private static void Averages(RunTable table, List<Finding> findings)
    {
        var both = table.Rows.Count(row => row.AveragedLoss is not null);
        var column = table.Columns.GetValueOrDefault("loss", "loss");
        if (both > 0)
            findings.Note("averaged-losses", $"{both} of {table.Rows.Count} runs have a loss of averaged weights too; "
                + $"what is fitted is the column {column} (`--loss last` or `averaged`).");
    }

    private static IEnumerable<(string Name, string Values)> Mixed(
        RunTable table, (string Name, Func<RunRow, string> Value)[] columns)
        => from column in columns
           let values = table.Rows.Select(column.Value).Where(value => value.Length > 0).GroupBy(value => value)
               .ToList()
           where values.Count > 1
           select (column.Name, string.Join(", ", values.Select(value
               => $"{(value.Key.Length > 16 ? value.Key[..12] : value.Key)} ({value.Count()} runs)")));

    private static void Rates(RunTable table, List<Finding> findings)
    {
        var cellOf = Cells.Of(table.Rows);
        var swept = table.Rows.Select((row, i) => (Row: row, Cell: cellOf[i]))
            .Where(run => run.Row.LearningRate is not null)
            .GroupBy(run => (run.Row.Optimizer, run.Cell, run.Row.Seed, run.Row.DataSeed))
            .Where(cell => cell.Select(run => run.Row.LearningRate).Distinct().Count() > 1).ToList();
        if (swept.Count == 0) return;
        var first = swept[0].First().Row;
        findings.Unfair("several-rates", $"{swept.Count} cells hold runs of several learning rates (the first: "
            + $"{first.Optimizer}, {first.Size} at D = {first.D.Rounded(3)}, {swept[0].Count()} runs): a sweep's "
            + "leftovers pull its law up. Keep the best of each with --best-per-cell.");
    }

    private static void Spellings(RunTable table, List<Finding> findings)
    {
        foreach (var same in table.Optimizers.GroupBy(Plain).Where(same => same.Count() > 1))
            findings.Unfair("spellings", $"{string.Join(", ", same.Select(name => $"'{name}'"))} look like one "
                + "optimizer, and are fitted as several; spell them alike if they are.");

        static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
    }

    private static void Bits(RunTable table, List<Finding> findings)
    {
        var cellOf = Cells.Of(table.Rows);
        var losses = table.Rows.Select((row, i) => (row.Optimizer, row.Loss, Cell: cellOf[i]))
            .GroupBy(run => run.Optimizer)
            .ToDictionary(own => own.Key, own => own.ToLookup(run => run.Cell, run => run.Loss));
        foreach (var (one, other) in table.Optimizers.SelectMany(one => table.Optimizers.Select(other => (one, other))))
        {
            double[] ratios = [.. losses[one].Where(cell => losses[other].Contains(cell.Key))
                .Select(cell => cell.Average() / losses[other][cell.Key].Average())];
            if (ratios.Length > 0 && Math.Abs(ratios.Median() * Math.Log(2) - 1) < NearBits)
                findings.Unfair("bits-against-nats", $"{one}'s losses are {ratios.Median().Rounded(3)} times "
                    + $"{other}'s in equal cells, which is what bits are against nats; give both in nats.");
        }
    }

    // Runs that a table cannot tell apart but by their loss: not repeats of known seeds, so no measure of noise.
    private static void Repeats(RunTable table, List<Finding> findings)
    {
        var same = table.Rows.GroupBy(row => (row.Optimizer, row.N, row.D, row.Seed, row.DataSeed, row.LearningRate,
                (row.WeightDecay, row.BatchTokens, row.Trunk, row.Schedule, row.DataHash, row.Precision, row.Repeats)))
            .Where(runs => runs.Count() > 1).ToList();
        if (same.Count == 0) return;
        var first = same[0].First();
        var seed = first.Seed is null && first.DataSeed is null ? "no seed" : "the same seed";
        findings.Warn("same-seed", $"{same.Count} cells hold several runs with {seed} and the same settings (the "
            + $"first: {first.Optimizer}, {first.Size} at D = {first.D.Rounded(3)}, {same[0].Count()} runs): repeats "
            + "that say nothing of noise, or a sweep's leftovers. Give their seeds or learning rates, or keep the "
            + "best of each with --best-per-cell.");
    }

    private static void Choice(RunTable table, List<Finding> findings)
    {
        if (table.BeforeChoice is not { } before) return;
        List<(string Name, int Runs, int Cells)> chosen = [.. table.Optimizers.Select(name => (name,
            before.Rows.Count(row => row.Optimizer == name), table.Rows.Count(row => row.Optimizer == name)))];
        var told = string.Join(", ", chosen.Select(own => $"{own.Name}'s {own.Cells} from {own.Runs} runs"));
        var each = chosen.Select(own => (double)own.Runs / own.Cells).ToList();
        if (each.Max() > MostUnequalChoice * each.Min())
            findings.Unfair("unequal-choice", $"The best of each cell were chosen from unequal numbers of runs: "
                + $"{told}. The lowest of many noisy runs is lower by luck alone.");
        else if (each.Max() > 1)
            findings.Note("best-of-several", $"The best of each cell were chosen: {told}. Each is lower than its "
                + "settings reach on average, by about as much for every optimizer.");
    }

    private static void Seeds(RunTable table, List<Finding> findings)
    {
        var blank = table.Rows.Count(row => row.Seed is null && row.DataSeed is null);
        if (blank > 0 && blank < table.Rows.Count)
            findings.Warn("blank-seeds", $"{blank} of {table.Rows.Count} runs have no seed: repeats among them say "
                + "nothing of noise.");
    }
}
