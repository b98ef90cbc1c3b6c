using System.Text.Json;
using System.Text.Json.Nodes;

namespace PretrainBench.Core.Configuration;

/// <summary>JSON schemas (draft 2020-12) of configuration records, so that editors complete and check what
/// <see cref="ConfigBinder"/> binds.</summary>
public static class ConfigSchema
{
    /// <summary>The schema of a file that holds a record.</summary>
    /// <param name="known">Schemas of types that know their own form; null for the others.</param>
    public static JsonObject Of(Type record, Func<Type, JsonObject?> known)
    {
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema" };
        foreach (var (key, value) in Record(record, isWhole: true, known).ToList())
            schema[key] = value?.DeepClone();
        return schema;
    }

    /// <summary>The keys of a record.</summary>
    /// <param name="isWhole">Whether required keys must be there.</param>
    public static JsonObject Record(Type record, bool isWhole, Func<Type, JsonObject?> known)
    {
        var keys = RecordKeys.Of(record);
        var defaults = Activator.CreateInstance(record);
        var properties = new JsonObject();
        foreach (var (key, property) in keys.Properties)
        {
            var tree = (TreeOfAttribute?)Attribute.GetCustomAttribute(property, typeof(TreeOfAttribute));
            var schema = tree is null ? Value(property.PropertyType, known) : Tree(property.PropertyType, tree, known);
            var value = property.GetValue(defaults);
            if (value is not null && !keys.Required.Contains(key) && ConfigScalars.Handles(value.GetType()))
                schema["default"] = JsonSerializer.SerializeToNode(
                    ConfigJson.ValueOf(new ConfigScalar(ConfigScalars.Write(value), "", value is string)));
            if (KeyMeaning.Of(property) is { Length: > 0 } meaning) schema["description"] = meaning;
            properties[key] = schema;
        }
        var whole = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (keys.Others is null) whole["additionalProperties"] = false;
        if (isWhole && keys.Required.Count > 0)
            whole["required"] = new JsonArray([.. keys.Required.Select(key => JsonValue.Create(key))]);
        return whole;
    }

    /// <summary>One of several.</summary>
    public static JsonObject AnyOf(params JsonObject[] schemas) => new() { ["anyOf"] = new JsonArray([.. schemas]) };

    public static JsonObject OfType(params string[] types)
        => new() { ["type"] = new JsonArray([.. types.Select(type => JsonValue.Create(type))]) };

    // A record's keys as a tree, in a file of its own where it is a path; under any names where it is a dictionary.
    private static JsonObject Tree(Type type, TreeOfAttribute tree, Func<Type, JsonObject?> known)
    {
        var own = AnyOf(OfType("string", "null"), known(tree.Record) ?? Record(tree.Record, isWhole: false, known));
        return type.IsAssignableTo(typeof(ConfigNode)) ? own
            : new JsonObject { ["type"] = "object", ["additionalProperties"] = own };
    }

    private static JsonObject Value(Type type, Func<Type, JsonObject?> known)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (known(plain) is { } own) return own;
        if (plain.IsEnum)
        {
            var names = Enum.GetNames(plain).Select(name => (JsonNode?)SnakeCase.From(name));
            return new() { ["enum"] = new JsonArray([.. plain == type ? names : names.Append(null)]) };
        }
        if (plain == typeof(bool)) return OfType("boolean", "null");
        if (plain == typeof(string)) return OfType("string", "number", "null");
        // Numbers may end in K, M and B.
        if (ConfigScalars.Handles(plain)) return OfType("number", "string", "null");
        if (type.IsAssignableTo(typeof(ConfigNode))) return [];
        var arguments = type.GetGenericArguments();
        if (arguments is [var item])
            return AnyOf(new() { ["type"] = "array", ["items"] = Value(item, known) }, Value(item, known));
        if (arguments is [_, var entry])
            return new() { ["type"] = "object", ["additionalProperties"] = Value(entry, known) };
        return AnyOf(OfType("null"), Record(plain, isWhole: true, known));
    }
}

/// <summary>Says which record's keys a property's tree holds.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TreeOfAttribute(Type record) : Attribute
{
    public Type Record { get; } = record;
}
