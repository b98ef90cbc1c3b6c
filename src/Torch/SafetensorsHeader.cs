using System.Text.Json;
using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>One tensor of a safetensors file; its values stand from Begin to End, in bytes after the header.</summary>
public sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>What a safetensors file says about its tensors.</summary>
public sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataKey = "__metadata__";

    private static readonly (ScalarType Type, string Name, int Size)[] Types =
    [
        (ScalarType.Float64, "F64", 8), (ScalarType.Float32, "F32", 4),
        (ScalarType.Float16, "F16", 2), (ScalarType.BFloat16, "BF16", 2),
        (ScalarType.Int64, "I64", 8), (ScalarType.Int32, "I32", 4),
        (ScalarType.Int16, "I16", 2), (ScalarType.Int8, "I8", 1),
        (ScalarType.Byte, "U8", 1), (ScalarType.Bool, "BOOL", 1),
    ];

    internal byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            foreach (var entry in Entries) Write(json, entry);
            json.WriteEndObject();
        }
        // Values begin at a multiple of eight bytes; the format pads with spaces.
        while (stream.Length % 8 != 0) stream.WriteByte((byte)' ');
        return stream.ToArray();
    }

    internal static SafetensorsHeader Parse(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var metadata = new Dictionary<string, string>();
        var entries = new List<SafetensorsEntry>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                foreach (var text in property.Value.EnumerateObject())
                    metadata[text.Name] = text.Value.GetString() ?? "";
            }
            else entries.Add(Entry(property.Name, property.Value));
        }
        long expected = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin))
        {
            if (entry.Begin != expected)
                throw new InvalidDataException($"the values of `{entry.Name}` are not where they must be");
            expected = entry.End;
        }
        return new SafetensorsHeader(entries, metadata);
    }

    private static SafetensorsEntry Entry(string name, JsonElement element)
    {
        var typeName = element.GetProperty("dtype").GetString();
        var known = Array.Find(Types, type => type.Name == typeName);
        if (known.Name is null) throw new InvalidDataException($"`{name}` has the unknown type {typeName}");
        var shape = element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var place = element.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (place.Length != 2 || shape.Any(size => size < 0)
            || place[1] - place[0] != shape.Aggregate(1L, (a, b) => checked(a * b)) * known.Size)
            throw new InvalidDataException($"the shape and the place of `{name}` do not fit");
        return new SafetensorsEntry(name, known.Type, shape, place[0], place[1]);
    }

    private static void Write(Utf8JsonWriter json, SafetensorsEntry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", Array.Find(Types, type => type.Type == entry.Type) is { Name: { } name }
            ? name
            : throw new NotSupportedException($"safetensors has no name for {entry.Type}"));
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Begin);
        json.WriteNumberValue(entry.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
