using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Scaling;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>Makes a cell's run configuration: the base, with what the axes decide laid over it.</summary>
internal static class CellConfiguration
{
    /// <summary>The run configuration of a cell.</summary>
    /// <exception cref="UserException">The base sets what an axis decides, or the whole is impossible.</exception>
    public static RunConfig Of(GridFile grid, GridCell cell)
    {
        RefuseDecided(grid, cell);
        var root = grid.Base.Copy();
        SetOptimizer(root, grid, cell);
        SetSize(root, grid, cell);
        SetAxis(root, "budget.tokens_per_parameter", cell.TokensPerParameter);
        SetAxis(root, "seed", cell.Seed);
        if (cell.LearningRate is { } rate) SetAxis(root, "optimizer.learning_rate", rate);
        if (cell.BatchTokens is { } tokens) SetAxis(root, "batch.sequences_per_step", SequencesPerStep(root, tokens));
        var config = ConfigBinder.Bind<RunConfig>(root, $"the cell {cell} of the grid {grid.Config.Name}");
        return grid.Scaling is { } scaling
            ? CellScaling.Apply(scaling, config, cell.Optimizer, cell.TokensPerParameter) : config;
    }

    private static void SetOptimizer(ConfigMapping root, GridFile grid, GridCell cell)
    {
        var entry = grid.Config.Optimizers.GetValueOrDefault(cell.Optimizer);
        var name = entry is ConfigScalar { IsNull: false } ? entry : new ConfigScalar(cell.Optimizer, "axes.optimizer");
        var shared = root["optimizer"] as ConfigMapping ?? new ConfigMapping(root.Origin);
        shared["name"] = name;
        root["optimizer"] = entry is ConfigMapping settings ? shared.Overlay(settings) : shared;
    }

    private static void SetSize(ConfigMapping root, GridFile grid, GridCell cell)
    {
        var shared = root["model"] as ConfigMapping ?? new ConfigMapping(root.Origin);
        if (!grid.Config.Sizes.TryGetValue(cell.Size, out var own)) SetAxis(root, "model.size", cell.Size);
        else root["model"] = shared.Overlay((ConfigMapping)own);
    }

    // A value that an axis overwrites in silence would be a trap for whoever reads the base.
    private static void RefuseDecided(GridFile grid, GridCell cell)
    {
        var decided = new List<string> { "model.size", "budget", "seed", "optimizer.name" };
        if (cell.LearningRate is not null || grid.Scaling?.LearningRate is not null)
            decided.Add("optimizer.learning_rate");
        if (cell.BatchTokens is not null) decided.Add("batch.sequences_per_step");
        var errors = new ConfigErrors();
        foreach (var path in decided)
            if (grid.Base.Find(path) is { } written)
                errors.Add(written.Origin, path, "the grid's axes decide this; leave it out of the base");
        errors.ThrowIfAny("the grid's base");
    }

    private static long SequencesPerStep(ConfigMapping root, long tokens)
    {
        var length = root.Find("batch.sequence_length") is { } written
            ? (long?)ConfigBinder.Bind(typeof(long), written, "batch.sequence_length", new ConfigErrors()) ?? tokens
            : new BatchConfig().SequenceLength;
        // An impossible length is told with whatever else the cell's configuration has wrong.
        return length < 1 ? 1 : tokens % length == 0
            ? tokens / length
            : throw new UserException($"axes.batch_tokens: {tokens} is no multiple of the sequence length {length}");
    }

    private static void SetAxis(ConfigMapping root, string path, object value)
        => root.Set(path, ConfigWriter.ToTree(value, $"axes ({path})"));
}
