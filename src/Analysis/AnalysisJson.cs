using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PretrainBench.Core;

namespace PretrainBench.Analysis;

/// <summary>How every result is written as JSON: snake_case names but for the symbols of laws (docs/tables.md), numbers
/// that do not exist as null.</summary>
public static class AnalysisJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    public static string Write<T>(T result) => JsonSerializer.Serialize(result, Options);

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonFormat.Indented)
        {
            PropertyNamingPolicy = new SymbolsAsTheyAre(),
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            // Members that are required to construct a result, such as its model, need not be part of its JSON.
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireNothing } },
        };
        options.Converters.Add(new FiniteConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>E, A, B, N, D, C, rhoN, rhoD and rhoC as in formulas, everything else in snake_case.</summary>
    private sealed class SymbolsAsTheyAre : JsonNamingPolicy
    {
        public override string ConvertName(string name)
            => name.Length == 1 ? name : name.Length == 4 && name.StartsWith("Rho", StringComparison.Ordinal)
                ? "r" + name[1..]
                : SnakeCaseLower.ConvertName(name);
    }

    private static void RequireNothing(JsonTypeInfo type)
    {
        foreach (var property in type.Properties) property.IsRequired = false;
    }

    /// <summary>JSON has no NaN and no infinity: null stands for both.</summary>
    private sealed class FiniteConverter : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteRawValue(value.Exact(), skipInputValidation: true);
            else writer.WriteNullValue();
        }
    }
}
