using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PretrainBench.Core.Configuration;

/// <summary>Configurations inside JSON: objects with sorted keys, in which numbers are numbers (the shortest text that
/// reads back the same), truth values are truth values, and everything else is a text.</summary>
internal sealed class ConfigJson : JsonConverter<ConfigMapping>
{
    private const string Origin = "JSON";
    private const NumberStyles Sign = NumberStyles.AllowLeadingSign;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public override ConfigMapping Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.StartObject
            ? (ConfigMapping)Read(ref reader)
            : throw new JsonException("expected an object with a configuration's keys");

    public override void Write(Utf8JsonWriter writer, ConfigMapping value, JsonSerializerOptions options)
        => Write(writer, value);

    /// <summary>What a value is in JSON: null, <c>bool</c>, <c>long</c>, <c>ulong</c>, <c>double</c> or text.</summary>
    internal static object? ValueOf(ConfigScalar scalar) => scalar switch
    {
        { IsNull: true } => null,
        { IsText: true } => scalar.Text,
        { Text: "true" or "false" } => scalar.Text == "true",
        _ when long.TryParse(scalar.Text, Sign, Invariant, out var whole) => whole,
        _ when ulong.TryParse(scalar.Text, Sign, Invariant, out var large) => large,
        _ when double.TryParse(scalar.Text, NumberStyles.Float, Invariant, out var number) && double.IsFinite(number)
            => number,
        _ => scalar.Text,
    };

    private static ConfigNode Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var mapping = new ConfigMapping(Origin);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = reader.GetString()!;
                    if (mapping[key] is not null) throw new JsonException($"`{key}` stands there twice");
                    reader.Read();
                    mapping[key] = Read(ref reader);
                }
                return mapping;
            case JsonTokenType.StartArray:
                var items = new List<ConfigNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Read(ref reader));
                return new ConfigSequence(items, Origin);
            case JsonTokenType.String:
                return new ConfigScalar(reader.GetString()!, Origin, IsText: true);
            default:
                return new ConfigScalar(Encoding.UTF8.GetString(reader.ValueSpan), Origin);
        }
    }

    private static void Write(Utf8JsonWriter json, ConfigNode node)
    {
        switch (node)
        {
            case ConfigMapping mapping:
                json.WriteStartObject();
                foreach (var key in mapping.Keys.Order(StringComparer.Ordinal))
                {
                    json.WritePropertyName(key);
                    Write(json, mapping[key]!);
                }
                json.WriteEndObject();
                break;
            case ConfigSequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case ConfigScalar scalar:
                Write(json, ValueOf(scalar));
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case long whole: json.WriteNumberValue(whole); break;
            case ulong large: json.WriteNumberValue(large); break;
            case double number: json.WriteNumberValue(number); break;
            default: json.WriteStringValue((string)value); break;
        }
    }
}
