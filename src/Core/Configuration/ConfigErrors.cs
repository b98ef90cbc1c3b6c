namespace PretrainBench.Core.Configuration;

/// <summary>Collects everything that is wrong with a configuration, so that the user sees all of it at once.</summary>
public sealed class ConfigErrors
{
    private readonly List<string> _messages = [];

    /// <summary>The messages so far, each with its place.</summary>
    public IReadOnlyList<string> Messages => _messages;

    /// <summary>Adds an error at a file's line or argument and a dotted path, empty for the file itself.</summary>
    public void Add(string origin, string path, string problem)
        => _messages.Add(path.Length == 0 ? $"{origin}: {problem}" : $"{origin}: {path}: {problem}");

    /// <summary>Throws one <see cref="UserException"/> that lists all errors, if there are any.</summary>
    public void ThrowIfAny(string what)
    {
        if (_messages.Count == 0) return;
        var count = _messages.Count == 1 ? "1 error" : $"{_messages.Count} errors";
        throw new UserException($"{what} has {count}:\n  " + string.Join("\n  ", _messages));
    }
}
