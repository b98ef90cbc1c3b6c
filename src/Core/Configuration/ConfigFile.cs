using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PretrainBench.Core.Configuration;

/// <summary>Reads YAML into <see cref="ConfigNode"/>s and lays <c>key.path=value</c> overrides over them.</summary>
public static class ConfigFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">The file is missing, unreadable, not YAML, or not a mapping.</exception>
    public static ConfigMapping Read(string path)
    {
        if (!Path.Exists(path)) throw new UserException($"{path}: no such file{Suggestion.ForFile(path)}");
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: the configuration cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Reads a text under the name that errors show.</summary>
    /// <exception cref="UserException">The text is not YAML or not a mapping.</exception>
    public static ConfigMapping Parse(string text, string name)
        => Parse(text, name, node => $"{name}:{node.Start.Line}");

    /// <summary>Lays an override such as <c>optimizer.learning_rate=3e-3</c> over a configuration, or the content of a
    /// file: <c>optimizer=@configs/optimizers/muon.yaml</c>.</summary>
    /// <exception cref="UserException">There is no equals sign, a scalar on the way, or an unusable file.</exception>
    public static void Override(ConfigMapping root, string assignment)
    {
        var origin = $"argument `{assignment}`";
        if (assignment.Split('=', 2) is not [{ Length: > 0 } path, var text])
            throw new UserException($"{origin}: expected key.path=value, such as optimizer.learning_rate=3e-3");
        // A plain YAML value cannot begin with @.
        var value = text.StartsWith('@') ? Read(text[1..]) : Parse($"value: {text}", origin, _ => origin)["value"]!;
        root.Set(path, value);
    }

    private static ConfigMapping Parse(string text, string name, Func<YamlNode, string> originOf)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            var reason = e.InnerException?.Message ?? e.Message;
            throw new UserException($"{name}:{e.Start.Line}: not valid YAML: {reason}", inner: e);
        }
        if (stream.Documents.Count == 0) return new ConfigMapping($"{name}:1");
        return Convert(stream.Documents[0].RootNode, originOf) as ConfigMapping
            ?? throw new UserException($"{name}:1: expected `key: value` lines at the top of the file");
    }

    private static ConfigNode Convert(YamlNode node, Func<YamlNode, string> originOf)
    {
        var origin = originOf(node);
        switch (node)
        {
            case YamlMappingNode yaml:
                var mapping = new ConfigMapping(origin);
                foreach (var (key, value) in yaml.Children)
                {
                    var word = (key as YamlScalarNode)?.Value;
                    if (word is null) throw new UserException($"{origin}: a key must be a word");
                    mapping[word] = Convert(value, originOf);
                }
                return mapping;
            case YamlSequenceNode yaml:
                return new ConfigSequence([.. yaml.Children.Select(child => Convert(child, originOf))], origin);
            default:
                var scalar = (YamlScalarNode)node;
                return new ConfigScalar(scalar.Value ?? "", origin, IsText: scalar.Style != ScalarStyle.Plain);
        }
    }
}
