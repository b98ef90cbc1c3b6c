using System.Collections;
using System.Reflection;

namespace PretrainBench.Core.Configuration;

/// <summary>Fills records from <see cref="ConfigNode"/>s: snake_case keys to properties with <c>init</c>, unknown keys
/// are errors with a suggestion, <c>required</c> properties must be there, and <see cref="IValidated"/> records check
/// themselves.</summary>
public static class ConfigBinder
{
    /// <summary>Binds a mapping to a record; throws all errors at once under what it is: <c>the grid</c>.</summary>
    /// <exception cref="UserException">Anything about the configuration is wrong.</exception>
    public static T Bind<T>(ConfigMapping root, string what)
        where T : class
    {
        var errors = new ConfigErrors();
        var value = (T?)Bind(typeof(T), root, "", errors);
        errors.ThrowIfAny(what);
        return value!;
    }

    /// <summary>Binds a node to a record, number, text, truth value, enumeration, list, dictionary, tree, or nullable
    /// of these; collects errors under the node's dotted path, and is null when it could not be bound.</summary>
    public static object? Bind(Type type, ConfigNode node, string path, ConfigErrors errors)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsInstanceOfType(node)) return node;
        if (type.IsAssignableTo(typeof(IConfigParsable)))
            return type.GetMethod("FromConfig", BindingFlags.Public | BindingFlags.Static)!
                .Invoke(null, [node, path, errors]);
        if (ConfigScalars.Handles(type)) return BindScalar(type, node, path, errors);
        if (ElementOfList(type) is { } element) return BindList(element, node, path, errors);
        if (ValueOfDictionary(type) is { } value) return BindDictionary(value, node, path, errors);
        if (node is ConfigMapping mapping)
            return Fill(Activator.CreateInstance(type)!, mapping, path, errors, over: false);
        errors.Add(node.Origin, path, "expected further keys below this one, not a value");
        return null;
    }

    /// <summary>A copy of a record in which what was written is replaced; in records inside, single values.</summary>
    public static T BindOver<T>(T record, ConfigMapping written, string path, ConfigErrors errors)
        where T : class
        => (T)Fill(CloneOf(record)!, written, path, errors, over: true);

    /// <summary>The keys that a record type accepts, in order of declaration.</summary>
    public static IReadOnlyList<string> KeysOf(Type type)
        => [.. RecordKeys.Of(type).Properties.Select(entry => entry.Key)];

    private static Type? ElementOfList(Type type)
        => type.IsArray ? type.GetElementType()
            : IsGeneric(type, typeof(IReadOnlyList<>)) ? type.GetGenericArguments()[0] : null;

    private static Type? ValueOfDictionary(Type type)
        => IsGeneric(type, typeof(IReadOnlyDictionary<,>)) ? type.GetGenericArguments()[1] : null;

    private static bool IsGeneric(Type type, Type definition)
        => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static object? BindScalar(Type type, ConfigNode node, string path, ConfigErrors errors)
    {
        if (node is not ConfigScalar scalar)
        {
            errors.Add(node.Origin, path, $"expected {ConfigScalars.Describe(type)}");
            return null;
        }
        if (ConfigScalars.TryParse(type, scalar.Text, out var value)) return value;
        errors.Add(node.Origin, path,
            $"`{scalar.Text}` is not {ConfigScalars.Describe(type)}{ConfigScalars.Hint(type, scalar.Text)}");
        return null;
    }

    private static Array BindList(Type element, ConfigNode node, string path, ConfigErrors errors)
    {
        // A single value stands for a list of one: `seeds: 1`.
        var items = node is ConfigSequence sequence ? sequence.Items : [node];
        var array = Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++)
            if (Bind(element, items[i], $"{path}[{i}]", errors) is { } value) array.SetValue(value, i);
        return array;
    }

    private static IDictionary? BindDictionary(Type value, ConfigNode node, string path, ConfigErrors errors)
    {
        if (node is not ConfigMapping mapping)
        {
            errors.Add(node.Origin, path, "expected `key: value` lines");
            return null;
        }
        var type = typeof(Dictionary<,>).MakeGenericType(typeof(string), value);
        var dictionary = (IDictionary)Activator.CreateInstance(type)!;
        foreach (var key in mapping.Keys)
            if (Bind(value, mapping[key]!, Join(path, key), errors) is { } bound) dictionary[key] = bound;
        return dictionary;
    }

    private static object Fill(object record, ConfigMapping mapping, string path, ConfigErrors errors, bool over)
    {
        var keys = RecordKeys.Of(record.GetType());
        var before = errors.Messages.Count;
        foreach (var key in mapping.Keys)
        {
            var node = mapping[key]!;
            if (!keys.Property.TryGetValue(key, out var property))
            {
                if (keys.Others is null)
                    errors.Add(node.Origin, Join(path, key), "unknown key" + Suggestion.For(key, keys.Property.Keys));
            }
            else if (node is ConfigScalar { IsNull: true })
                SetNull(record, property, node.Origin, Join(path, key), errors);
            else if (over && node is ConfigMapping inner && CloneOf(property.GetValue(record)) is { } current)
                property.SetValue(record, Fill(current, inner, Join(path, key), errors, over));
            else if (Bind(property.PropertyType, node, Join(path, key), errors) is { } value)
                property.SetValue(record, value);
        }
        keys.Others?.SetValue(record, mapping.Without(keys.Property.Keys));
        foreach (var key in keys.Required)
            if (!over && mapping[key] is null)
                errors.Add(mapping.Origin, Join(path, key), "is required and missing");
        // A record with holes would only report the holes a second time.
        if (errors.Messages.Count == before && record is IValidated validated)
            foreach (var (name, problem) in validated.Validate())
            {
                var key = SnakeCase.From(name);
                errors.Add(mapping[key]?.Origin ?? mapping.Origin, Join(path, key), problem);
            }
        return record;
    }

    /// <summary>A copy, as <c>with</c> makes it; null for what is no record whose properties are keys.</summary>
    private static object? CloneOf(object? record)
        => record is null or IConfigParsable ? null : RecordKeys.Of(record.GetType()).Clone?.Invoke(record, null);

    private static void SetNull(object record, PropertyInfo property, string origin, string path, ConfigErrors errors)
    {
        var nullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        if (nullable) property.SetValue(record, null);
        else errors.Add(origin, path, "has no value");
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

/// <summary>Marks the <see cref="ConfigMapping"/> that takes the keys which no other property has.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OtherKeysAttribute : Attribute;
