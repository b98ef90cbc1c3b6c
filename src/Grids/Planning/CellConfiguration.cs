using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Configuration;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>Makes a cell's run configuration: the base, with what the axes decide laid over it.</summary>
public static class CellConfiguration
{
    private const string Optimizer = "optimizer";
    private const string Name = "name";
    private const string SequenceLength = "sequence_length";

    /// <summary>The run configuration of a cell.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="cell">The cell.</param>
    /// <exception cref="UserException">The base sets what an axis decides, or the configuration is impossible.</exception>
    public static RunConfig Of(GridFile grid, GridCell cell)
    {
        RefuseDecided(grid.Base, cell);
        var root = ConfigFragment.Copy(grid.Base);
        SetSize(root, grid, cell);
        Set(root, ["budget", "tokens_per_parameter"], Text(cell.TokensPerParameter));
        Set(root, ["seed"], cell.Seed.ToString());
        SetOptimizer(root, grid, cell);
        if (cell.BatchTokens is { } tokens) Set(root, ["batch", "sequences_per_step"], SequencesPerStep(root, tokens));
        return ConfigBinder.Bind<RunConfig>(root, $"the cell {cell} of the grid {grid.Config.Name}");
    }

    private static void SetSize(ConfigMapping root, GridFile grid, GridCell cell)
    {
        if (!grid.Config.Sizes.TryGetValue(cell.Size, out var fragment))
        {
            Set(root, ["model", "size"], cell.Size);
            return;
        }
        if (root["model"] is not ConfigMapping model) root["model"] = model = new ConfigMapping(grid.Base.Origin);
        ConfigFragment.Lay(model, (ConfigMapping)fragment.Node);
    }

    private static void SetOptimizer(ConfigMapping root, GridFile grid, GridCell cell)
    {
        var origin = grid.Base.Origin;
        var optimizer = root[Optimizer] as ConfigMapping ?? new ConfigMapping(origin);
        optimizer[Name] = new ConfigScalar(cell.Optimizer, "axes.optimizer");
        if (grid.Config.Optimizers.TryGetValue(cell.Optimizer, out var fragment))
        {
            if (fragment.Node is ConfigMapping settings) ConfigFragment.Lay(optimizer, settings);
            else if (fragment.Node is ConfigScalar { IsNull: false } name) optimizer[Name] = name;
        }
        root[Optimizer] = optimizer;
        if (cell.LearningRate is { } rate) Set(root, [Optimizer, "learning_rate"], Text(rate));
    }

    // A value that an axis overwrites in silence would be a trap for whoever reads the base.
    private static void RefuseDecided(ConfigMapping root, GridCell cell)
    {
        var decided = new List<string[]> { (string[])["model", "size"], (string[])["budget"], (string[])["seed"], (string[])[Optimizer, Name] };
        if (cell.LearningRate is not null) decided.Add([Optimizer, "learning_rate"]);
        if (cell.BatchTokens is not null) decided.Add(["batch", "sequences_per_step"]);
        var errors = new ConfigErrors();
        foreach (var path in decided)
        {
            ConfigNode? at = root;
            foreach (var key in path) at = (at as ConfigMapping)?[key];
            if (at is not null) errors.Add(at.Origin, string.Join('.', path), "the grid's axes decide this; leave it out of the base");
        }
        errors.ThrowIfAny("the grid's base");
    }

    private static string SequencesPerStep(ConfigMapping root, long tokens)
    {
        var written = (root["batch"] as ConfigMapping)?[SequenceLength] as ConfigScalar;
        var length = written is not null && long.TryParse(written.Text, out var value) ? value : BatchConfig.DefaultSequenceLength;
        return tokens % length == 0
            ? (tokens / length).ToString()
            : throw new UserException($"axes.batch_tokens: {tokens} is no multiple of the sequence length {length}");
    }

    private static void Set(ConfigMapping root, ReadOnlySpan<string> path, string value)
    {
        var at = root;
        foreach (var key in path[..^1])
        {
            if (at[key] is not ConfigMapping inner) at[key] = inner = new ConfigMapping(root.Origin);
            at = inner;
        }
        at[path[^1]] = new ConfigScalar(value, $"axes ({string.Join('.', path.ToArray())})");
    }

    private static string Text(double value) => value.ToString("R");
}
