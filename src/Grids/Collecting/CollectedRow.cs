using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Collecting;

/// <summary>A run as a row of the table: the columns that docs/tables.md describes.</summary>
/// <param name="Run">The planned run.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Tuning">How its learning rate was chosen; null when it was given.</param>
public sealed record CollectedRow(PlannedRun Run, RunState State, TuningGroup? Tuning)
{
    private static readonly (string Name, Func<CollectedRow, RunResult?, RunConfig, object?> Get)[] Table =
    [
        ("run", (row, _, _) => row.Run.RunId),
        ("optimizer", (row, _, _) => row.Run.Cell.Optimizer),
        ("size", (row, _, _) => row.Run.Cell.Size),
        ("non_embedding_params", (_, result, _) => result?.Parameters.NonEmbedding),
        ("total_params", (_, result, _) => result?.Parameters.Total),
        ("embedding_params", (_, result, _) => result?.Parameters.Embedding),
        ("head_params", (_, result, _) => result?.Parameters.Head),
        ("matrix_params", (_, result, _) => result?.Parameters.Matrices),
        ("vector_params", (_, result, _) => result?.Parameters.Vectors),
        ("tokens", (row, result, _) => result?.Tokens ?? row.Run.Tokens),
        ("tokens_per_parameter", (row, _, _) => row.Run.Cell.TokensPerParameter),
        ("flops", (row, result, _) => result is null ? row.Run.Flops : result.ModelFlops + result.OptimizerFlops),
        ("seconds", (_, result, _) => result?.TrainingSeconds),
        ("optimizer_seconds", (_, result, _) => result?.OptimizerSeconds),
        ("loss", (_, result, _) => result?.FinalLoss),
        ("bits_per_byte", (_, result, _) => result?.BitsPerByte),
        ("learning_rate", (_, _, config) => config.Optimizer.LearningRate),
        ("weight_decay", (_, _, config) => config.Optimizer.Options.WeightDecay),
        ("batch_tokens", (_, _, config) => config.Batch.TokensPerStep),
        ("seed", (_, _, config) => config.Seed),
        ("data_seed", (_, _, config) => config.Data.Seed),
        ("trunk", (_, _, _) => null),
        ("status", (row, _, _) => SnakeCase.From(row.State.Kind.ToString())),
        ("final", (row, _, _) => row.State.Kind == RunStateKind.Done),
        ("learning_rate_on_edge", (row, _, _) => row.Tuning?.IsBestOnEdge),
        ("tuning_trials", (row, _, _) => row.Tuning?.Rates.Count),
    ];

    /// <summary>The columns' names, in order.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. Table.Select(column => column.Name)];

    /// <summary>The values, in the order of <see cref="Columns"/>; null where something does not apply or is not known.</summary>
    public IReadOnlyList<object?> Values()
    {
        var config = Run.ReadConfig();
        return [.. Table.Select(column => column.Get(this, State.Result, config))];
    }
}
