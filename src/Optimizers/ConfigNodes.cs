using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers;

/// <summary>Turns settings into configuration nodes and back, to lay written settings over computed defaults.</summary>
internal static class ConfigNodes
{
    /// <summary>A record as the mapping that would bind to it.</summary>
    public static ConfigMapping FromRecord(object record, string origin) => (ConfigMapping)FromTree(ConfigWriter.ToTree(record)!, origin);

    /// <summary>A node as dictionaries, lists and texts, as <see cref="ConfigWriter"/> takes them.</summary>
    public static object ToValue(ConfigNode node) => node switch
    {
        ConfigSequence sequence => sequence.Items.Select(ToValue).ToList(),
        ConfigMapping mapping => mapping.Keys.ToDictionary(key => key, key => ToValue(mapping[key]!)),
        _ => ((ConfigScalar)node).Text,
    };

    private static ConfigNode FromTree(object tree, string origin)
    {
        if (tree is List<object?> list) return new ConfigSequence([.. list.Select(item => FromTree(item!, origin))], origin);
        if (tree is not List<(string Key, object? Value)> entries) return new ConfigScalar((string)tree, origin);
        var mapping = new ConfigMapping(origin);
        foreach (var (key, value) in entries)
            if (value is not null) mapping[key] = FromTree(value, origin);
        return mapping;
    }
}
