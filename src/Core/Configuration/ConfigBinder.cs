using System.Collections;
using System.Reflection;

namespace PretrainBench.Core.Configuration;

/// <summary>
/// Fills records from <see cref="ConfigNode"/>s: snake_case keys to properties with <c>init</c>, unknown keys are errors
/// with a suggestion, <c>required</c> properties must be there, and <see cref="IValidated"/> records check themselves.
/// </summary>
public static class ConfigBinder
{
    /// <summary>Binds a mapping to a record; throws all errors at once.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="root">The configuration.</param>
    /// <param name="what">What it is, for the error's first line, such as <c>the run configuration</c>.</param>
    /// <exception cref="UserException">Anything about the configuration is wrong.</exception>
    public static T Bind<T>(ConfigMapping root, string what)
        where T : class
    {
        var errors = new ConfigErrors();
        var value = (T?)Bind(typeof(T), root, "", errors);
        errors.ThrowIfAny(what);
        return value!;
    }

    /// <summary>Binds a node to a type and collects errors; null when it could not be bound.</summary>
    /// <param name="type">A record, number, text, truth value, enumeration, list, dictionary, or nullable of these.</param>
    /// <param name="node">What was written.</param>
    /// <param name="path">Its dotted path, for errors.</param>
    /// <param name="errors">Collects what is wrong.</param>
    public static object? Bind(Type type, ConfigNode node, string path, ConfigErrors errors)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsParsable(type))
            return type.GetMethod("FromConfig", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [node, path, errors]);
        if (ConfigScalars.Handles(type)) return BindScalar(type, node, path, errors);
        if (ElementOfList(type) is { } element) return BindList(element, node, path, errors);
        if (ValueOfDictionary(type) is { } value) return BindDictionary(value, node, path, errors);
        if (node is ConfigMapping mapping) return BindRecord(type, mapping, path, errors);
        errors.Add(node.Origin, path, "expected further keys below this one, not a value");
        return null;
    }

    /// <summary>The keys that a record type accepts, in order of declaration.</summary>
    /// <param name="type">The record type.</param>
    public static IReadOnlyList<string> KeysOf(Type type) => [.. PropertiesOf(type).Select(property => SnakeCase.From(property.Name))];

    internal static IEnumerable<PropertyInfo> PropertiesOf(Type type)
        => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .OrderBy(property => property.MetadataToken);

    private static bool IsParsable(Type type)
        => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConfigParsable<>));

    private static Type? ElementOfList(Type type)
        => type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static Type? ValueOfDictionary(Type type)
        => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[1] : null;

    private static object? BindScalar(Type type, ConfigNode node, string path, ConfigErrors errors)
    {
        if (node is not ConfigScalar scalar)
        {
            errors.Add(node.Origin, path, $"expected {ConfigScalars.Describe(type)}");
            return null;
        }
        if (ConfigScalars.TryParse(type, scalar.Text, out var value)) return value;
        errors.Add(node.Origin, path, $"`{scalar.Text}` is not {ConfigScalars.Describe(type)}{ConfigScalars.Hint(type, scalar.Text)}");
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
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value))!;
        foreach (var key in mapping.Keys)
            if (Bind(value, mapping[key]!, Join(path, key), errors) is { } bound) dictionary[key] = bound;
        return dictionary;
    }

    private static object BindRecord(Type type, ConfigMapping mapping, string path, ConfigErrors errors)
    {
        var record = Activator.CreateInstance(type)!;
        var properties = PropertiesOf(type).ToDictionary(property => SnakeCase.From(property.Name));
        var before = errors.Messages.Count;
        foreach (var key in mapping.Keys)
        {
            if (!properties.TryGetValue(key, out var property))
                errors.Add(mapping[key]!.Origin, Join(path, key), "unknown key" + Suggestion.For(key, properties.Keys));
            else if (mapping[key] is ConfigScalar { IsNull: true } empty)
                SetNull(record, property, empty, Join(path, key), errors);
            else if (Bind(property.PropertyType, mapping[key]!, Join(path, key), errors) is { } value)
                property.SetValue(record, value);
        }
        foreach (var (key, property) in properties)
            if (mapping[key] is null && property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)))
                errors.Add(mapping.Origin, Join(path, key), "is required and missing");
        // A record with holes would only report the holes a second time.
        if (errors.Messages.Count == before && record is IValidated validated)
            foreach (var (name, problem) in validated.Validate())
                errors.Add(mapping[SnakeCase.From(name)]?.Origin ?? mapping.Origin, Join(path, SnakeCase.From(name)), problem);
        return record;
    }

    private static void SetNull(object record, PropertyInfo property, ConfigScalar node, string path, ConfigErrors errors)
    {
        var nullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        if (nullable) property.SetValue(record, null);
        else errors.Add(node.Origin, path, "has no value");
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
