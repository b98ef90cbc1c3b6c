using System.Text.Json.Nodes;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>A grid with its base read in: everything that decides which runs it has, in one place.</summary>
/// <param name="Base">The shared run configuration.</param>
public sealed record GridFile(GridConfig Config, ConfigMapping Base)
{
    /// <summary>How hyper-parameters travel; null where they do not.</summary>
    public ScalingConfig? Scaling { get; init; }

    /// <summary>Identifies the grid by its content, the base included.</summary>
    public string Id => ContentHash.ShortOfText(ConfigWriter.ToCanonicalJson(Frozen()));

    /// <summary>Reads a grid file, over which assignments such as <c>axes.seed=[0,1]</c> are laid.</summary>
    /// <exception cref="UserException">The file cannot be used; the message lists everything that is wrong.</exception>
    public static GridFile Read(string path, IEnumerable<string>? overrides = null)
    {
        var mapping = ConfigFile.Read(path);
        foreach (var assignment in overrides ?? []) ConfigFile.Override(mapping, assignment);
        return From(mapping, Path.GetDirectoryName(Path.GetFullPath(path))!, path);
    }

    /// <summary>Takes a grid from a configuration whose files are named relative to a folder.</summary>
    /// <exception cref="UserException">The grid cannot be used.</exception>
    public static GridFile From(ConfigMapping mapping, string folder, string name)
    {
        var config = ConfigBinder.Bind<GridConfig>(mapping, $"the grid {name}");
        var optimizers = config.Optimizers.ToDictionary(pair => pair.Key, pair => ReadIn(pair.Value, folder));
        var shared = config.Base switch
        {
            ConfigMapping inline => inline,
            ConfigScalar { IsNull: false } file => ConfigFile.Read(Path.Combine(folder, file.Text)),
            var other => throw new UserException(
                $"{other.Origin}: base: expected a run configuration's file or its keys"),
        };
        var errors = new ConfigErrors();
        foreach (var section in new[] { "optimizer", "model" })
            if (shared[section] is { } written and not ConfigMapping and not ConfigScalar { IsNull: true })
                errors.Add(written.Origin, section, "in a grid's base: expected further keys below this one; the axes "
                    + "name optimizers and sizes");
        errors.ThrowIfAny($"the base of {name}");
        if (config.Scaling is null) return new GridFile(config with { Optimizers = optimizers }, shared);
        var carried = ReadIn(config.Scaling, folder) as ConfigMapping ?? throw new UserException(
            $"{config.Scaling.Origin}: scaling: expected keys such as learning_rate, or a file of them (.yaml)");
        var scaling = ConfigBinder.Bind<ScalingConfig>(carried, $"the scaling of {name}");
        foreach (var problem in config.ProblemsWith(scaling)) errors.Add(carried.Origin, "scaling", problem);
        errors.ThrowIfAny($"the scaling of {name}");
        return new GridFile(config with { Optimizers = optimizers, Scaling = carried }, shared) { Scaling = scaling };
    }

    // Read in where it names a file; an optimizer's other words are names of rules.
    private static ConfigNode ReadIn(ConfigNode entry, string folder)
        => entry is ConfigScalar file && file.Text.EndsWith(".yaml", StringComparison.Ordinal)
            ? ConfigFile.Read(Path.Combine(folder, file.Text))
            : entry;

    /// <summary>The grid file that stands alone: what a plan keeps, so that later edits change nothing.</summary>
    public string ToYaml() => ConfigWriter.ToYaml(Frozen());

    /// <summary>The keys in which another grid has other values, such as <c>axes.seed</c>.</summary>
    public IReadOnlyList<string> DifferencesFrom(GridFile other)
        => [.. Differences("", Tree(), other.Tree())];

    private static IEnumerable<string> Differences(string path, JsonNode? one, JsonNode? other)
        => one is JsonObject a && other is JsonObject b
            ? a.Select(pair => pair.Key).Union(b.Select(pair => pair.Key))
                .SelectMany(key => Differences(path.Length > 0 ? $"{path}.{key}" : key, a[key], b[key]))
            : JsonNode.DeepEquals(one, other) ? [] : [path];

    private JsonNode Tree() => JsonNode.Parse(ConfigWriter.ToCanonicalJson(Frozen()))!;

    private GridConfig Frozen() => Config with { Base = Base };
}
