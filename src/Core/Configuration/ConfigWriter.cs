using System.Collections;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PretrainBench.Core.Configuration;

/// <summary>Writes configuration records as YAML that <see cref="ConfigBinder"/> reads back, and as canonical JSON for hashing.</summary>
public static class ConfigWriter
{
    /// <summary>YAML with every property, defaults included, in order of declaration; nulls are left out.</summary>
    /// <param name="record">The configuration record.</param>
    public static string ToYaml(object record)
    {
        var text = new StringBuilder();
        WriteYaml(text, ToTree(record)!, 0);
        return text.ToString();
    }

    /// <summary>JSON on one line with sorted keys: equal configurations give equal texts.</summary>
    /// <param name="record">The configuration record.</param>
    public static string ToCanonicalJson(object record)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            WriteJson(json, ToTree(record));
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Records to ordered dictionaries, lists to lists, everything else to the text that the binder reads.</summary>
    /// <param name="value">A record, list, dictionary or scalar.</param>
    public static object? ToTree(object? value) => value switch
    {
        null => null,
        string text => text,
        // A record's ToConfig may hold parts that are trees already.
        List<(string Key, object? Value)> tree => tree,
        IDictionary dictionary => Ordered(dictionary.Keys.Cast<string>().Select(key => (key, dictionary[key]))),
        IEnumerable list => list.Cast<object?>().Select(ToTree).ToList(),
        _ when ConfigScalars.Handles(value.GetType()) => ConfigScalars.Write(value),
        _ when ParsableToConfig(value) is { } config => ToTree(config),
        _ => Ordered(ConfigBinder.PropertiesOf(value.GetType()).Select(property => (SnakeCase.From(property.Name), property.GetValue(value)))),
    };

    private static object? ParsableToConfig(object value)
        => value.GetType().GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConfigParsable<>))
            ?.GetMethod("ToConfig")!.Invoke(value, null);

    private static List<(string Key, object? Value)> Ordered(IEnumerable<(string Key, object? Value)> entries)
        => [.. entries.Where(entry => entry.Value is not null).Select(entry => (entry.Key, ToTree(entry.Value)))];

    private static void WriteYaml(StringBuilder text, object node, int indent)
    {
        foreach (var (key, value) in (List<(string Key, object? Value)>)node)
        {
            text.Append(' ', indent).Append(key).Append(':');
            switch (value)
            {
                case List<(string, object?)> { Count: > 0 } mapping:
                    text.Append('\n');
                    WriteYaml(text, mapping, indent + 2);
                    break;
                case List<(string, object?)>:
                    text.Append(" {}\n");
                    break;
                case List<object?> list when list.Any(item => item is List<(string, object?)>):
                    text.Append('\n');
                    foreach (var item in list) WriteItem(text, item!, indent + 2);
                    break;
                case List<object?> list:
                    text.Append(" [").AppendJoin(", ", list.Select(item => Quote((string)item!))).Append("]\n");
                    break;
                default:
                    text.Append(' ').Append(Quote((string)value!)).Append('\n');
                    break;
            }
        }
    }

    private static void WriteItem(StringBuilder text, object item, int indent)
    {
        var inner = new StringBuilder();
        WriteYaml(inner, item, indent + 2);
        if (inner.Length == 0) return;
        inner[indent] = '-';
        text.Append(inner);
    }

    private static string Quote(string text)
    {
        var plain = text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '+' or '-')
            && text is not ("null" or "~") && text[0] != '-' || ConfigScalars.TryParse(typeof(double), text, out _);
        return plain ? text : "'" + text.Replace("'", "''") + "'";
    }

    private static void WriteJson(Utf8JsonWriter json, object? node)
    {
        switch (node)
        {
            case List<(string Key, object? Value)> mapping:
                json.WriteStartObject();
                foreach (var (key, value) in mapping.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(key);
                    WriteJson(json, value);
                }
                json.WriteEndObject();
                break;
            case List<object?> list:
                json.WriteStartArray();
                foreach (var item in list) WriteJson(json, item);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue((string?)node);
                break;
        }
    }
}
