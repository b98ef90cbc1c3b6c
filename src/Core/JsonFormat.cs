using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PretrainBench.Core;

/// <summary>How this program reads and writes JSON: snake_case names, enumerations by name, nulls left out, infinities
/// and NaN by name, letters of every script as they are.</summary>
public static class JsonFormat
{
    /// <summary>For files that people read.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    public static JsonSerializerOptions Line { get; } = Create(indented: false);

    /// <summary>What is wrong with a text that could not be read, in words of a file and not of the reader's.</summary>
    public static string Problem(JsonException error)
    {
        var place = error.LineNumber is { } line
            ? $" at line {line + 1}, byte {error.BytePositionInLine + 1}" : "";
        var value = error.Path is { Length: > 2 } path ? $": `{path[2..]}` is missing, damaged or of another kind" : "";
        return value.Length > 0 ? $"damaged{place}{value}"
            : error.LineNumber is null ? error.Message : $"no valid JSON{place}";
    }

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        WriteIndented = indented,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A file in which something is null or missing that cannot be is damaged, and no defect where it is used.
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
