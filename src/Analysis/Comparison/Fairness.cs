using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Comparison;

/// <summary>Checks that a table must pass before its optimizers may be compared, as far as its columns tell: the same
/// tuning for each, the best learning rate inside its sweep, the same cells, batch rule and data, and differences above
/// seed noise.</summary>
public static class Fairness
{
    private const string DecayIsOwn = " Decay belongs to an optimizer, as its learning rate does, and some bound the "
        + "weights without one: this breaks no rule, but part of a difference may be the decay's.";

    /// <summary>Runs every check.</summary>
    /// <param name="seedNoise">Deviation of the loss between seeds, nats; null: pooled from repeated cells, if there
    /// are any.</param>
    /// <returns>What was found, unfairness first.</returns>
    public static IReadOnlyList<Finding> Check(RunTable table, double? seedNoise = null)
    {
        var findings = new List<Finding>();
        if (table.Optimizers.Count > 1)
        {
            Tuning(table, findings);
            Rates(table, findings);
            Edges(table, findings);
            Scaling(table, findings);
            Cells(table, findings);
            Unequal(table, row => row.BatchTokens, Severity.Unfair, "unequal-batch", "batch sizes", "", findings);
            Unequal(table, row => row.WeightDecay, Severity.Warning, "different-decay", "weight decays", DecayIsOwn,
                findings);
            DataSeeds(table, findings);
        }
        findings.AddRange(TableFindings.OfRows(table));
        Failures(table, findings);
        Trunks(table, findings);
        Ties(table, seedNoise, findings);
        return [.. findings.OrderByDescending(finding => finding.Severity)];
    }

    private static string Cell(RunRow row) => $"{row.Size} at D = {row.D.Rounded(3)}";

    private static void Tuning(RunTable table, List<Finding> findings)
    {
        if (table.Rows.All(row => row.TuningTrials == null))
        {
            findings.Note("tuning-unknown", "The table does not say how many learning rates were tried for each cell "
                + "(column tuning_trials), so equal tuning cannot be checked.");
            return;
        }
        var unequal = table.Rows.GroupBy(Cell).Where(cell => cell.Select(row => row.Optimizer).Distinct().Count() > 1
            && cell.Select(row => row.TuningTrials ?? 0).Distinct().Count() > 1).ToList();
        if (unequal.Count > 0)
            findings.Unfair("unequal-tuning",
                $"{unequal.Count} cells were tuned unequally; the first is {unequal[0].Key}: "
                + string.Join(", ",
                    unequal[0].Select(row => $"{row.Optimizer} {row.TuningTrials ?? 0} trials").Distinct()) + ".");
    }

    private static void Rates(RunTable table, List<Finding> findings)
    {
        if (table.Rows.Any(row => row.TuningTrials != null) && table.Rows.All(row => row.TuningTrials is null or 1))
            findings.Warn("one-trial", "Every learning rate was tried alone: which optimizer is better may be which "
                + "learning rate was guessed better.");
        // Winners of a sweep may share a rate that others were tried beside.
        if ((table.BeforeChoice ?? table).Rows.Select(row => row.LearningRate).Distinct().ToList() is [{ } rate])
            findings.Warn("equal-rates", $"All optimizers ran at one learning rate ({rate.Rounded(3)}): "
                + "what suits one may not suit another.");
    }

    private static void Unequal(RunTable table, Func<RunRow, double?> value, Severity severity, string code,
        string what, string remark, List<Finding> findings)
    {
        var unequal = table.Rows.Where(row => value(row) != null).GroupBy(Cell)
            .Where(cell => cell.Select(row => row.Optimizer).Distinct().Count() > 1)
            .Where(cell => cell.Select(value).Distinct().Count() > 1).ToList();
        if (unequal.Count > 0)
            findings.Add(new(severity, code, $"{unequal.Count} cells have different {what} between optimizers; the "
                + $"first is {unequal[0].Key}: "
                + string.Join(", ",
                    unequal[0].Select(row => $"{row.Optimizer} {value(row)!.Value.Rounded(4)}").Distinct()) + "."
                    + remark));
    }

    private static void Edges(RunTable table, List<Finding> findings)
    {
        foreach (var optimizer in table.Rows.Where(row => row.LearningRateOnEdge == true).GroupBy(row => row.Optimizer))
            findings.Unfair("learning-rate-on-edge",
                $"{optimizer.Key}: the best learning rate is the smallest or largest tried in "
                + $"{optimizer.Count()} runs (the first: {Cell(optimizer.First())}); "
                + "extend the sweep before comparing.");
    }

    private static void Scaling(RunTable table, List<Finding> findings)
    {
        int Runs(string verdict) => table.Rows.Count(row => row.LearningRateScaling == verdict);
        const string Carried = "runs have learning rates that a rule carried there from other sizes";
        if (Runs("refused") is > 0 and var refused)
            findings.Unfair("scaling-refused", $"{refused} {Carried}, and the rule was refused where it was checked; "
                + "tune at these sizes before comparing.");
        if (Runs("unchecked") is > 0 and var untested)
            findings.Warn("scaling-unchecked", $"{untested} {Carried}, and the rule was checked nowhere.");
    }

    private static void Cells(RunTable table, List<Finding> findings)
    {
        var cellOf = Tables.Cells.Of(table.Rows);
        var cells = cellOf.Max() + 1;
        int Trained(string optimizer)
            => cellOf.Where((_, i) => table.Rows[i].Optimizer == optimizer).Distinct().Count();
        var missing = table.Optimizers.Select(optimizer => (optimizer, Count: cells - Trained(optimizer)))
            .Where(pair => pair.Count > 0).ToList();
        if (missing.Count > 0)
            findings.Warn("different-cells", $"Optimizers were not trained on the same {cells} cells of (N, D): "
                + string.Join(", ", missing.Select(pair => $"{pair.optimizer} lacks {pair.Count}")) + ".");
    }

    private static void DataSeeds(RunTable table, List<Finding> findings)
    {
        IEnumerable<long> Seeds(string optimizer)
            => table.Rows.Where(row => row.Optimizer == optimizer).Select(row => row.DataSeed).OfType<long>();
        var sets = table.Optimizers
            .Select(optimizer => (optimizer, Seeds: string.Join(",", Seeds(optimizer).Distinct().Order())))
            .Where(pair => pair.Seeds.Length > 0).ToList();
        if (sets.Select(pair => pair.Seeds).Distinct().Count() > 1)
            findings.Unfair("different-data", "Optimizers saw different data orders: "
                + string.Join("; ", sets.Select(pair => $"{pair.optimizer} data seeds {pair.Seeds}")) + ".");
    }

    private static void Failures(RunTable table, List<Finding> findings)
    {
        foreach (var optimizer in table.Excluded.Where(row => row.Code == "diverged").GroupBy(row => row.Optimizer))
            findings.Warn("diverged",
                $"{(optimizer.Key.Length > 0 ? optimizer.Key : "unnamed optimizer")}: {optimizer.Count()} runs "
                + "diverged. They cannot enter a fit, so its law describes only the runs that survived.");
        var unfinished = table.Excluded.Count(row => row.Code is "not_final" or "running");
        if (unfinished > 0)
            findings.Note("not-final",
                $"{unfinished} rows are not final losses and were left out: rankings change during the decay.");
    }

    private static void Trunks(RunTable table, List<Finding> findings)
    {
        var branches = table.Rows.Where(row => row.Trunk.Length > 0).GroupBy(row => row.Trunk)
            .Where(trunk => trunk.Count() > 1).Sum(trunk => trunk.Count());
        if (branches > 0)
            findings.Note("shared-trunks",
                $"{branches} runs branch from shared trunks, so they are not independent: intervals draw a "
                    + "part of the noise that a trunk's runs share.");
    }

    /// <summary>Cells in which the two best optimizers differ by no more than the noise of their runs.</summary>
    private static void Ties(RunTable table, double? seedNoise, List<Finding> findings)
    {
        var noise = seedNoise is { } given ? new LossNoise(given, double.PositiveInfinity, NoiseSource.Repeats)
            : LossNoise.Of(table, null);
        if (noise is null)
        {
            findings.Note("seed-noise-unknown", "No cell was trained with several seeds and no seed noise was "
                + "given, so small differences cannot be told from luck; repeat one or two cells with other seeds.");
            return;
        }
        int ties = 0, cells = 0;
        var cellOf = Tables.Cells.Of(table.Rows);
        foreach (var cell in table.Rows.Zip(cellOf).GroupBy(run => run.Second, run => run.First))
        {
            var best = cell.GroupBy(row => row.Optimizer)
                .Select(own => (Loss: own.Average(row => row.Loss), Count: own.Count()))
                .OrderBy(own => own.Loss).Take(2).ToList();
            if (best.Count < 2) continue;
            cells++;
            if (best[1].Loss - best[0].Loss < noise.Threshold(best[0].Count, best[1].Count)) ties++;
        }
        if (ties > 0)
            findings.Warn("ties", $"In {ties} of {cells} cells the two best optimizers differ by no more than the "
                + $"noise of their runs ({noise.Deviation.Rounded(2)} nats): these are ties.");
    }
}
