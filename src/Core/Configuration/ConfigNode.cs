namespace PretrainBench.Core.Configuration;

/// <summary>A piece of a configuration file that remembers where it stands, so that every error can say so.</summary>
/// <param name="Origin">File and line, or the command-line argument, as shown to the user.</param>
public abstract record ConfigNode(string Origin);

/// <summary>A single value, as it was written.</summary>
/// <param name="Text">The value's text.</param>
/// <param name="Origin">Where it stands.</param>
public sealed record ConfigScalar(string Text, string Origin) : ConfigNode(Origin)
{
    /// <summary>Whether the value was left empty or written <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => Text is "" or "null" or "~";
}

/// <summary>A list of values.</summary>
/// <param name="Items">The values in order.</param>
/// <param name="Origin">Where the list begins.</param>
public sealed record ConfigSequence(IReadOnlyList<ConfigNode> Items, string Origin) : ConfigNode(Origin);

/// <summary>Keys with values, in the order in which they were written.</summary>
/// <param name="Origin">Where the mapping begins.</param>
public sealed record ConfigMapping(string Origin) : ConfigNode(Origin)
{
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, ConfigNode> _values = [];

    /// <summary>The keys in the order in which they were written.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>The value of a key; null when absent.</summary>
    /// <param name="key">The key as written (snake_case).</param>
    public ConfigNode? this[string key]
    {
        get => _values.GetValueOrDefault(key);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (_values.TryAdd(key, value)) _keys.Add(key);
            else _values[key] = value;
        }
    }

    /// <summary>Takes a key out and returns its value; null when absent.</summary>
    /// <param name="key">The key as written.</param>
    public ConfigNode? Remove(string key)
    {
        if (!_values.Remove(key, out var value)) return null;
        _keys.Remove(key);
        return value;
    }

    /// <summary>A copy with the same nodes, so that keys can be taken out without touching the original.</summary>
    public ConfigMapping Copy()
    {
        var copy = new ConfigMapping(Origin);
        foreach (var key in _keys) copy[key] = _values[key];
        return copy;
    }

    /// <summary>This mapping with another laid over it: mappings merge key by key, everything else is replaced.</summary>
    /// <param name="top">What wins where both have a key.</param>
    public ConfigMapping Overlay(ConfigMapping top)
    {
        var merged = Copy();
        foreach (var key in top.Keys)
        {
            var over = top[key]!;
            merged[key] = merged[key] is ConfigMapping below && over is ConfigMapping mapping ? below.Overlay(mapping) : over;
        }
        return merged;
    }
}
