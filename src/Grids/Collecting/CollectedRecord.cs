using System.Text.Json;
using System.Text.Json.Nodes;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Core.Runs;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Collecting;

/// <summary>A run's record: its result, or its plan where it has none, with what only the grid knows.</summary>
internal static class CollectedRecord
{
    /// <summary>The record as a row of the run table.</summary>
    /// <param name="state">Where it stands.</param>
    /// <param name="tuning">How its learning rate was chosen; null when it was given.</param>
    /// <param name="scaling">How its learning rate travelled here; null when it did not.</param>
    public static RunRow RowOf(PlannedRun run, RunState state, TuningGroup? tuning, LearningRateScaling? scaling)
    {
        var record = state.Result is { } result
            ? JsonSerializer.SerializeToNode(result, JsonFormat.Line)!.AsObject() : Planned(run);
        record["optimizer"] = run.Cell.Optimizer;
        record["size"] = run.Cell.Size;
        record["tokens_per_parameter"] = run.Cell.TokensPerParameter;
        // Runs of a trunk have the same bits up to where they part, also where one of them was trained alone.
        record["trunk"] = run.Trunk?.RunId;
        record["status"] = SnakeCase.From(state.Kind.ToString());
        record["final"] = state.Kind == RunStateKind.Done;
        var travelled = scaling?.Optimizers[run.Cell.Optimizer];
        record["learning_rate_on_edge"] = tuning?.IsBestOnEdge ?? travelled?.OnEdge;
        record["tuning_trials"] = tuning?.Rates.Count ?? travelled?.Trials;
        record["learning_rate_scaling"] = scaling?.Verdict;
        return RunColumn.ReadRow(record);
    }

    // What the plan says, under the names of `result.json`.
    private static JsonObject Planned(PlannedRun run)
    {
        var config = run.ReadConfig();
        return new JsonObject
        {
            ["run_id"] = run.RunId,
            ["tokens"] = run.Tokens,
            ["flops"] = run.Flops,
            ["tokens_per_step"] = config.Batch.TokensPerStep,
            ["config"] = JsonSerializer.SerializeToNode((ConfigMapping)ConfigWriter.ToTree(config), JsonFormat.Line),
        };
    }
}
