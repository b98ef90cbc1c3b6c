using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PretrainBench.Core.Configuration;

/// <summary>Reads YAML into <see cref="ConfigNode"/>s and lays <c>key.path=value</c> overrides over them.</summary>
public static class ConfigFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserException">The file is missing, unreadable, not YAML, or not a mapping.</exception>
    public static ConfigMapping Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: the configuration cannot be read: {e.Message}", inner: e);
        }
        return Parse(text, path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML whose top is a mapping (or nothing).</param>
    /// <param name="name">The name that errors show, usually the file's path.</param>
    /// <exception cref="UserException">The text is not YAML or not a mapping.</exception>
    public static ConfigMapping Parse(string text, string name)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new UserException($"{name}:{e.Start.Line}: not valid YAML: {e.InnerException?.Message ?? e.Message}", inner: e);
        }
        if (stream.Documents.Count == 0) return new ConfigMapping($"{name}:1");
        return Convert(stream.Documents[0].RootNode, name) as ConfigMapping
            ?? throw new UserException($"{name}:1: expected `key: value` lines at the top of the file");
    }

    /// <summary>
    /// Lays an override such as <c>optimizer.learning_rate=3e-3</c> over a configuration, or the content of a file:
    /// <c>optimizer=@configs/optimizers/muon.yaml</c>.
    /// </summary>
    /// <param name="root">The configuration; changed in place.</param>
    /// <param name="assignment">Dotted path, equals sign, YAML value or @ and a file's path.</param>
    /// <exception cref="UserException">The argument has no equals sign, names a value inside a scalar or a file that cannot be used.</exception>
    public static void Override(ConfigMapping root, string assignment)
    {
        var split = assignment.IndexOf('=', StringComparison.Ordinal);
        if (split <= 0) throw new UserException($"argument `{assignment}`: expected key.path=value, such as optimizer.learning_rate=3e-3");
        var origin = $"argument `{assignment}`";
        var keys = assignment[..split].Split('.');
        var at = root;
        foreach (var key in keys[..^1])
        {
            var next = at[key];
            if (next is null or ConfigScalar { IsNull: true }) at[key] = next = new ConfigMapping(origin);
            at = next as ConfigMapping ?? throw new UserException($"{origin}: `{key}` holds a value, not further keys");
        }
        at[keys[^1]] = ParseValue(assignment[(split + 1)..], origin);
    }

    private static ConfigNode ParseValue(string text, string origin)
    {
        // A plain YAML value cannot begin with @.
        if (text.StartsWith('@')) return Read(text[1..]);
        var mapping = Parse($"value: {text}", origin);
        return Relabel(mapping["value"] ?? new ConfigScalar("", origin), origin);
    }

    private static ConfigNode Relabel(ConfigNode node, string origin) => node switch
    {
        ConfigScalar scalar => scalar with { Origin = origin },
        ConfigSequence sequence => new ConfigSequence([.. sequence.Items.Select(item => Relabel(item, origin))], origin),
        ConfigMapping mapping => mapping.Keys.Aggregate(new ConfigMapping(origin), (copy, key) =>
        {
            copy[key] = Relabel(mapping[key]!, origin);
            return copy;
        }),
        _ => node,
    };

    private static ConfigNode Convert(YamlNode node, string name)
    {
        var origin = $"{name}:{node.Start.Line}";
        switch (node)
        {
            case YamlMappingNode yaml:
                var mapping = new ConfigMapping(origin);
                foreach (var (key, value) in yaml.Children)
                {
                    var text = (key as YamlScalarNode)?.Value ?? throw new UserException($"{origin}: a key must be a word");
                    mapping[text] = Convert(value, name);
                }
                return mapping;
            case YamlSequenceNode yaml:
                return new ConfigSequence([.. yaml.Children.Select(child => Convert(child, name))], origin);
            default:
                return new ConfigScalar((node as YamlScalarNode)?.Value ?? "", origin);
        }
    }
}
