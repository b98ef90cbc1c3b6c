using System.Text;

namespace PretrainBench.Core.Configuration;

/// <summary>A key of a configuration record with its default and what it means.</summary>
/// <param name="Default">The default as a file has it; null where the keys below have theirs.</param>
/// <param name="Values">What may stand there and what each means, where that is one of a few.</param>
/// <param name="Below">The keys of the record there.</param>
public sealed record ExplainedKey(string Key, string? Default, string Meaning,
    IReadOnlyDictionary<string, string> Values, IReadOnlyList<ExplainedKey> Below)
{
    private const int Width = 100;

    /// <summary>All keys of a record that holds the defaults.</summary>
    public static IReadOnlyList<ExplainedKey> Of(object record)
        => [.. RecordKeys.Of(record.GetType()).Properties.Select(entry =>
        {
            var (key, property) = entry;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var value = property.GetValue(record);
            var isRecord = value is not null && RecordKeys.Of(value.GetType()).Clone is not null;
            return new ExplainedKey(key, isRecord ? null : Written(value), KeyMeaning.Of(property),
                type.IsEnum ? Enum.GetNames(type).ToDictionary(SnakeCase.From,
                    name => KeyMeaning.Of(type, name)) : new Dictionary<string, string>(),
                isRecord ? Of(value!) : []);
        })];

    /// <summary>The keys as YAML that holds the defaults, each below its meaning as a comment.</summary>
    public static string ToYaml(IEnumerable<ExplainedKey> keys)
    {
        var yaml = new StringBuilder();
        foreach (var key in keys) key.Write(yaml, "");
        return yaml.ToString();
    }

    /// <summary>A comment, broken into lines.</summary>
    public static string Comment(string text, string indent = "", string hanging = "")
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
            if (lines[^1].Length + word.Length < Width) lines[^1] += " " + word;
            else lines.Add($" {hanging}{word}");
        return string.Concat(lines.Select(line => $"{indent}#{line}\n"));
    }

    private void Write(StringBuilder yaml, string indent)
    {
        if (Meaning.Length > 0) yaml.Append(Comment(Meaning + ".", indent));
        foreach (var (value, meaning) in Values)
            yaml.Append(Comment($"  {value}{(meaning.Length > 0 ? $": {meaning}." : "")}", indent, "    "));
        yaml.Append($"{indent}{Key}:{(Default is null ? "" : $" {Default}")}\n");
        foreach (var below in Below) below.Write(yaml, indent + "  ");
    }

    private static string Written(object? value)
        => value is null ? "null" : ConfigWriter.ToYaml(ConfigWriter.ToTree(value)).Trim();
}
