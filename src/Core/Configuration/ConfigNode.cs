using System.Text.Json.Serialization;

namespace PretrainBench.Core.Configuration;

/// <summary>A piece of a configuration: read from a file or an argument, or made of a record. It remembers where it
/// stands, so that every error can say so.</summary>
/// <param name="Origin">File and line, or the command-line argument, as shown to the user.</param>
public abstract record ConfigNode(string Origin);

/// <summary>A single value, as it was written.</summary>
/// <param name="Text">The value's text.</param>
/// <param name="Origin">Where it stands.</param>
/// <param name="IsText">Whether it is a text even where it looks like a number or a truth value: one in quotes.</param>
public sealed record ConfigScalar(string Text, string Origin, bool IsText = false) : ConfigNode(Origin)
{
    /// <summary>Whether the value was left empty or written <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => Text.Length == 0 || (!IsText && Text is "null" or "~");
}

/// <summary>A list of values.</summary>
/// <param name="Items">The values in order.</param>
/// <param name="Origin">Where the list begins.</param>
public sealed record ConfigSequence(IReadOnlyList<ConfigNode> Items, string Origin) : ConfigNode(Origin);

/// <summary>Keys with values, in the order in which they were written.</summary>
/// <param name="Origin">Where the mapping begins.</param>
[JsonConverter(typeof(ConfigJson))]
public sealed record ConfigMapping(string Origin) : ConfigNode(Origin)
{
    private readonly OrderedDictionary<string, ConfigNode> _values = [];

    /// <summary>The keys in the order in which they were written.</summary>
    public IReadOnlyList<string> Keys => _values.Keys;

    /// <summary>The value of a key; null when absent.</summary>
    public ConfigNode? this[string key]
    {
        get => _values.GetValueOrDefault(key);
        set => _values[key] = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>A copy in which a key has another value; what else there is, both have in common.</summary>
    public ConfigMapping With(string key, ConfigNode value)
    {
        var copy = new ConfigMapping(Origin);
        foreach (var (each, node) in _values) copy[each] = node;
        copy[key] = value;
        return copy;
    }

    /// <summary>A copy in which some keys are missing.</summary>
    public ConfigMapping Without(params IEnumerable<string> keys)
    {
        var rest = Copy();
        foreach (var key in keys) rest._values.Remove(key);
        return rest;
    }

    /// <summary>The value at the end of a path such as <c>budget.tokens</c>; null when a key is absent.</summary>
    public ConfigNode? Find(string path)
        => path.Split('.').Aggregate((ConfigNode?)this, (at, key) => (at as ConfigMapping)?[key]);

    /// <summary>Sets the value at the end of a path such as <c>budget.tokens</c>, and what is on the way.</summary>
    /// <exception cref="UserException">A key on the way holds a single value.</exception>
    public void Set(string path, ConfigNode value)
    {
        var keys = path.Split('.');
        var at = this;
        foreach (var key in keys[..^1])
        {
            if (at[key] is null or ConfigScalar { IsNull: true }) at[key] = new ConfigMapping(value.Origin);
            at = at[key] as ConfigMapping
                ?? throw new UserException($"{value.Origin}: `{key}` holds a value, not further keys"
                    + (at[key] is ConfigScalar { Text: var name }
                        ? $"; if `{name}` is a name, `{key}.name={name}` in place of `{key}={name}`" : ""));
        }
        at[keys[^1]] = value;
    }

    /// <summary>A copy whose mappings can be changed without touching the original.</summary>
    public ConfigMapping Copy() => new ConfigMapping(Origin).Overlay(this);

    /// <summary>A copy with another mapping laid over it: mappings merge key by key, all else is replaced.</summary>
    public ConfigMapping Overlay(ConfigMapping top)
    {
        var merged = new ConfigMapping(Origin);
        foreach (var (key, value) in _values) merged[key] = value is ConfigMapping mapping ? mapping.Copy() : value;
        foreach (var (key, value) in top._values)
            merged[key] = value is not ConfigMapping over ? value
                : (merged[key] as ConfigMapping ?? new ConfigMapping(over.Origin)).Overlay(over);
        return merged;
    }

    /// <summary>The keys that another mapping has, with this one's values where it has any.</summary>
    public ConfigMapping Only(ConfigMapping written)
    {
        var only = new ConfigMapping(written.Origin);
        foreach (var (key, value) in written._values)
            only[key] = this[key] is ConfigMapping mapping && value is ConfigMapping keys
                ? mapping.Only(keys)
                : this[key] ?? value;
        return only;
    }
}
