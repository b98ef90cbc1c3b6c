using System.Text.Json.Nodes;
using PretrainBench.Core.Configuration;
using PretrainBench.Optimizers;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>JSON schemas of the files that people write, for their editors.</summary>
public static class FileSchemas
{
    private static readonly Dictionary<string, Type> Files = new()
    {
        ["run"] = typeof(RunConfig),
        ["grid"] = typeof(GridConfig),
        ["scaling"] = typeof(ScalingConfig),
        ["optimizer"] = typeof(OptimizerConfig),
    };

    public static IReadOnlyCollection<string> Names => Files.Keys;

    /// <param name="name">One of <see cref="Names"/>.</param>
    public static JsonObject Of(string name) => Files[name] == typeof(OptimizerConfig)
        ? Optimizer() : ConfigSchema.Of(Files[name], Known);

    private static JsonObject? Known(Type type)
        => type == typeof(OptimizerConfig) ? Optimizer() : type == typeof(MicroBatch) ? MicroBatchSequences() : null;

    private static JsonObject MicroBatchSequences() => ConfigSchema.AnyOf([
        new() { ["type"] = "integer", ["minimum"] = 0 }, new() { ["const"] = MicroBatch.AutoWord },
    ]);

    // A rule's name alone, or its settings, which are the rule's own where a name says which.
    private static JsonObject Optimizer() => ConfigSchema.AnyOf([
        new() { ["enum"] = new JsonArray([.. RuleRegistry.Names.Select(name => JsonValue.Create(name))]) },
        .. RuleRegistry.All.Select(rule =>
        {
            var own = ConfigSchema.Record(rule.OptionsType, isWhole: false, Known);
            var keys = own["properties"]!.AsObject();
            keys["name"] = new JsonObject { ["const"] = rule.Name, ["description"] = rule.Summary };
            keys["groups"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = ConfigSchema.Record(typeof(OptimizerGroup), isWhole: false, Known),
            };
            return own;
        }),
    ]);
}
