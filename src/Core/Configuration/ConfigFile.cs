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
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: the configuration cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML whose top is a mapping (or nothing).</param>
    /// <param name="name">The name that errors show, usually the file's path.</param>
    /// <exception cref="UserException">The text is not YAML or not a mapping.</exception>
    public static ConfigMapping Parse(string text, string name) => Parse(text, name, node => $"{name}:{node.Start.Line}");

    /// <summary>
    /// Lays an override such as <c>optimizer.learning_rate=3e-3</c> over a configuration, or the content of a file:
    /// <c>optimizer=@configs/optimizers/muon.yaml</c>.
    /// </summary>
    /// <param name="root">The configuration; changed in place.</param>
    /// <param name="assignment">Dotted path, equals sign, YAML value or @ and a file's path.</param>
    /// <exception cref="UserException">
    /// The argument has no equals sign, names a value inside a scalar or a file that cannot be used.
    /// </exception>
    public static void Override(ConfigMapping root, string assignment)
    {
        var origin = $"argument `{assignment}`";
        if (assignment.Split('=', 2) is not [{ Length: > 0 } path, var text])
            throw new UserException($"{origin}: expected key.path=value, such as optimizer.learning_rate=3e-3");
        // A plain YAML value cannot begin with @.
        root.Set(path, text.StartsWith('@') ? Read(text[1..]) : Parse($"value: {text}", origin, _ => origin)["value"]!);
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
            throw new UserException($"{name}:{e.Start.Line}: not valid YAML: {e.InnerException?.Message ?? e.Message}", inner: e);
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
                    var text = (key as YamlScalarNode)?.Value ?? throw new UserException($"{origin}: a key must be a word");
                    mapping[text] = Convert(value, originOf);
                }
                return mapping;
            case YamlSequenceNode yaml:
                return new ConfigSequence([.. yaml.Children.Select(child => Convert(child, originOf))], origin);
            default:
                var scalar = (YamlScalarNode)node;
                return new ConfigScalar(scalar.Value ?? "", origin, IsText: scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));
        }
    }
}
