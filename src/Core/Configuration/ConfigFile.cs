using PretrainBench.Core.Files;

namespace PretrainBench.Core.Configuration;

/// <summary>Reads YAML into <see cref="ConfigNode"/>s and lays <c>key.path=value</c> overrides over them.</summary>
public static class ConfigFile
{
    private const int MostBytes = 1 << 24;

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">The file is missing, unreadable, not YAML, or not a mapping.</exception>
    public static ConfigMapping Read(string path)
    {
        if (!Path.Exists(path)) throw new UserException($"{path}: no such file{Suggestion.ForFile(path)}");
        try
        {
            return Parse(PlainFile.ReadText(path, MostBytes), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: the configuration cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Reads a text under the name that errors show.</summary>
    /// <exception cref="UserException">The text is not YAML or not a mapping.</exception>
    public static ConfigMapping Parse(string text, string name)
        => Parse(text, name, line => $"{name}:{line}");

    /// <summary>Lays an override such as <c>optimizer.learning_rate=3e-3</c> over a configuration, or the content of a
    /// file: <c>optimizer=@configs/optimizers/muon.yaml</c>.</summary>
    /// <exception cref="UserException">There is no equals sign, a scalar on the way, or an unusable file.</exception>
    public static void Override(ConfigMapping root, string assignment)
    {
        var origin = $"argument `{assignment}`";
        if (assignment.Split('=', 2) is not [{ Length: > 0 } path, var text])
            throw new UserException($"{origin}: expected key.path=value, such as optimizer.learning_rate=3e-3");
        // A plain YAML value cannot begin with @.
        var value = text.StartsWith('@') ? Read(text[1..]) : Parse($"value: {text}", origin, _ => origin) is
        { Keys: ["value"] } only ? only["value"]!
            : throw new UserException($"{origin}: holds more than one value");
        root.Set(path, value);
    }

    private static ConfigMapping Parse(string text, string name, Func<long, string> originOf)
        => ConfigYaml.Read(text, name, originOf) switch
        {
            null => new ConfigMapping($"{name}:1"),
            ConfigMapping mapping => mapping,
            _ => throw new UserException($"{name}:1: expected `key: value` lines at the top of the file"),
        };
}
