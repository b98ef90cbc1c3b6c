using PretrainBench.Analysis.Comparison;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Reports;
using PretrainBench.Training.Results;

namespace PretrainBench.Studies;

/// <summary>Adds to a report what only the grid's folder knows: curves, settings, lineage.</summary>
public static class GridReport
{
    /// <summary>Adds curves, the optimizers' rules and where everything came from.</summary>
    public static ReportInput Enrich(ReportInput input, GridFolder folder)
    {
        var view = new GridView(folder);
        var runs = view.Planner.Chosen(view.TuningLossOf).Select(cell => (cell.Run, State: view.StateOf(cell.Run)))
            .Where(cell => cell.State.Result is not null).ToList();
        if (runs.Count == 0) return input;
        var configs = runs.ConvertAll(run => (run.Run.Cell.Optimizer, Config: run.Run.ReadConfig()));
        var settings = SettingsComparison.Compare(
            [.. runs.Zip(configs, (run, config) => ResolvedSettings.Of(run.Run, config.Config, run.State.Result!))]);
        return input with
        {
            Curves = [.. runs.Select(run => Curve(folder, run.Run, run.State.Result!))
                .Where(curve => curve.Points.Count > 1)],
            Ladders = [.. from ladder in view.Planner.Groups(view.TuningLossOf)
                where ladder.Best is not null
                select new LearningRateLadder(ladder.Anchor.Optimizer, ladder.Anchor.Size,
                    ladder.Anchor.TokensPerParameter, [.. ladder.Rates.Zip(ladder.Losses, (rate, loss)
                        => new LadderRung(rate, loss is { } known && double.IsFinite(known) ? known : double.NaN))])],
            Settings = settings with
            {
                Optimizers = [.. configs.GroupBy(run => run.Optimizer)
                    .Select(own =>
                        new OptimizerSettings(own.Key, ResolvedSettings.Rules([.. own.Select(run => run.Config)])))],
            },
            Findings = [.. input.Findings.Concat(SettingsComparison.Findings(settings))
                .OrderByDescending(finding => finding.Severity)],
            Lineage = Lineage(runs[0].State.Result!, folder),
        };
    }

    /// <summary>Writes the page, and its numbers beside it.</summary>
    /// <exception cref="UserException">One of them would replace a table that the report is of.</exception>
    public static (string Html, string Json) Write(ReportInput input, string path)
    {
        var json = Path.ChangeExtension(path, ".json");
        var sources = input.Table.Sources.Select(Path.GetFullPath).ToList();
        if (new[] { path, json }.FirstOrDefault(output => sources.Contains(Path.GetFullPath(output))) is { } taken)
            throw new UserException($"{taken}: holds the runs themselves; write the report to another place");
        if (Path.GetFullPath(json) == Path.GetFullPath(path))
            throw new UserException($"{path}: the numbers go beside the page as .json; name the page otherwise, such "
                + "as report.html");
        AtomicFile.WriteText(path, ReportBuilder.Build(input));
        AtomicFile.WriteText(json, ReportJson.Write(input));
        return (path, json);
    }

    private static LossCurve Curve(GridFolder folder, PlannedRun run, RunResult result)
        => new(run.RunId, run.Cell.Optimizer, run.Cell.Size, result.Parameters.NonEmbedding, result.Tokens,
            [.. SharedMetrics(folder, run).Concat(RunMetrics.Read(folder.RunFolder(run.RunId)))
                // The final loss is over the whole validation set, the points before over part of it.
                .Where(line => line.ValidationLoss is not null && line.Final != true)
                .Select(line => new LossCurvePoint(line.Tokens, line.ValidationLoss!.Value))]);

    // A branch's own lines begin where it left its trunk.
    private static IEnumerable<MetricsLine> SharedMetrics(GridFolder folder, PlannedRun run)
        => folder.TrunkOf(run) is not { } trunk ? []
            : RunMetrics.Read(trunk.Folder).TakeWhile(line => line.Step <= trunk.Step);

    private static List<NamedValue> Lineage(RunResult result, GridFolder folder) =>
    [
        new("grid", folder.Root),
        new("data", $"{result.Data.Name}, {result.Data.DataHash[..12]}"),
        new("tokenizer", result.Data.TokenizerHash[..12]),
        .. result.Versions.Select(version => new NamedValue(version.Key, version.Value)),
        new("threads", $"{result.Threads}"),
    ];
}
