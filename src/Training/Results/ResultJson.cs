using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PretrainBench.Training.Results;

/// <summary>How results, metrics and states are written: snake_case keys, enumerations by name, no NaN.</summary>
public static class ResultJson
{
    /// <summary>For files that people read.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: true);

    /// <summary>For files with one object a line.</summary>
    public static JsonSerializerOptions Line { get; } = Create(indented: false);

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
