using System.Collections;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace PretrainBench.Core.Configuration;

/// <summary>Turns configuration records into the <see cref="ConfigNode"/>s that <see cref="ConfigBinder"/> would make
/// them of, and these into YAML, and into canonical JSON for hashing.</summary>
public static class ConfigWriter
{
    private static readonly ISerializer Yaml
        = new SerializerBuilder().WithNewLine("\n").WithIndentedSequences().DisableAliases().Build();

    /// <summary>YAML with every property, defaults included, in order of declaration; nulls are left out.</summary>
    public static string ToYaml(object config) => Yaml.Serialize(ToYamlNode(ToTree(config)));

    /// <summary>JSON on one line with sorted keys: equal configurations give equal texts.</summary>
    public static string ToCanonicalJson(object config)
        => JsonSerializer.Serialize((ConfigMapping)ToTree(config), JsonFormat.Line);

    /// <summary>The tree of a value: mappings for records and dictionaries, without keys that have no value.</summary>
    public static ConfigNode ToTree(object value, string origin = "the configuration") => value switch
    {
        ConfigNode node => node,
        IConfigParsable parsable => parsable.ToConfig(),
        _ when ConfigScalars.Handles(value.GetType())
            => new ConfigScalar(ConfigScalars.Write(value), origin, IsText: value is string),
        IDictionary dictionary => Mapping(dictionary.Keys.Cast<string>().Select(key => (key, dictionary[key])), origin),
        IEnumerable list => new ConfigSequence([.. list.Cast<object>().Select(item => ToTree(item, origin))], origin),
        _ => Record(value, origin),
    };

    private static ConfigMapping Record(object record, string origin)
    {
        var keys = RecordKeys.Of(record.GetType());
        var mapping = Mapping(keys.Properties.Select(entry => (entry.Key, entry.Property.GetValue(record))), origin);
        return keys.Others?.GetValue(record) is ConfigMapping others ? mapping.Overlay(others) : mapping;
    }

    private static ConfigMapping Mapping(IEnumerable<(string Key, object? Value)> entries, string origin)
    {
        var mapping = new ConfigMapping(origin);
        foreach (var (key, value) in entries)
            if (value is not null) mapping[key] = ToTree(value, origin);
        return mapping;
    }

    private static YamlNode ToYamlNode(ConfigNode node) => node switch
    {
        ConfigMapping mapping => new YamlMappingNode(
            mapping.Keys.Select(key => KeyValuePair.Create<YamlNode, YamlNode>(key, ToYamlNode(mapping[key]!)))),
        ConfigSequence sequence => new YamlSequenceNode(sequence.Items.Select(ToYamlNode))
        {
            Style = sequence.Items.All(item => item is ConfigScalar) ? SequenceStyle.Flow : SequenceStyle.Block,
        },
        ConfigScalar scalar => new YamlScalarNode(scalar.Text)
        {
            Style = scalar.IsText && ConfigJson.ValueOf(scalar with { IsText = false }) is not string
                ? ScalarStyle.SingleQuoted : ScalarStyle.Any,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };
}
