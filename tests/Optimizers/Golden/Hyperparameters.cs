using System.Text.Json;

namespace PretrainBench.Optimizers.Tests.Golden;

/// <summary>A golden file's hyperparameters as they apply to one parameter. Every name must be used, so that none is
/// silently ignored.</summary>
public sealed class Hyperparameters
{
    private readonly Dictionary<string, JsonElement> _values = [];
    private readonly HashSet<string> _used = [];

    public Hyperparameters(JsonElement group, JsonElement? own = null)
    {
        foreach (var property in group.EnumerateObject()) _values[property.Name] = property.Value;
        if (own is { ValueKind: JsonValueKind.Object } overrides)
            foreach (var property in overrides.EnumerateObject()) _values[property.Name] = property.Value;
    }

    /// <summary>The name's value; null when absent or null.</summary>
    public JsonElement? Find(string name)
    {
        _used.Add(name);
        return _values.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public double Number(string name, double otherwise) => Find(name)?.GetDouble() ?? otherwise;

    public double Number(string name)
        => Find(name)?.GetDouble() ?? throw new InvalidDataException($"hyperparameter {name} is missing");

    public int Whole(string name, int otherwise) => Find(name)?.GetInt32() ?? otherwise;

    public bool Truth(string name, bool otherwise) => Find(name)?.GetBoolean() ?? otherwise;

    public string? Text(string name)
        => Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A nested object as hyperparameters; null when absent.</summary>
    public Hyperparameters? Nested(string name)
        => Find(name) is { ValueKind: JsonValueKind.Object } value ? new Hyperparameters(value) : null;

    /// <summary>Settings with what nearly all files hold: the rates, and β₁, β₂, β₃ and ε as far as the rule has
    /// them.</summary>
    public TOptions Common<TOptions>(double learningRate)
        where TOptions : RuleOptions, new()
    {
        var options =
            (TOptions)(
                new TOptions() with { LearningRate = learningRate, WeightDecay = Number("weight_decay", 0) });
        foreach (var (name, property) in new[] { ("beta1", "Beta1"), ("beta2", "Beta2"), ("beta3", "Beta3"),
                    ("eps", "Epsilon") })
            if (typeof(TOptions).GetProperty(property) is { } own && own.PropertyType == typeof(double))
                own.SetValue(options, Number(name));
        return options;
    }

    /// <summary>The kind of decay of files that know two.</summary>
    public WeightDecayKind DecoupledKind() => Choice("weight_decay_type", "decoupled",
        ("decoupled", WeightDecayKind.Coupled), ("cautious", WeightDecayKind.Cautious));

    public IReadOnlyList<string> Unused => [.. _values.Keys.Except(_used)];

    /// <summary>Picks by a documented value; a value that is not documented fails.</summary>
    public T Choice<T>(string name, string otherwise, params (string Value, T Meaning)[] choices)
    {
        var value = Text(name) ?? otherwise;
        var found = choices.Where(choice => choice.Value == value).ToList();
        return found.Count == 1
            ? found[0].Meaning
            : throw new InvalidDataException($"hyperparameter {name} has the unknown value {value}");
    }
}
