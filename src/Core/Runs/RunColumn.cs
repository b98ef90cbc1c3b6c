using System.Reflection;
using System.Text.Json.Nodes;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Core.Runs;

/// <summary>What a column of the run table holds.</summary>
public enum RunColumnKind
{
    Text,

    /// <summary>A floating-point number.</summary>
    Number,

    Whole,

    /// <summary>true or false.</summary>
    Flag,
}

/// <summary>A column of the run table: a property of <see cref="RunRow"/>, from which reading, writing and mapping
/// follow.</summary>
public sealed class RunColumn
{
    private const double LargestInteger = 9e15;

    private readonly PropertyInfo _property;
    private readonly bool _isPositive;

    private RunColumn(PropertyInfo property, ColumnAttribute column)
    {
        (_property, _isPositive) = (property, column.IsPositive);
        (Name, Aliases, Unit, Source) =
            (column.Name ?? SnakeCase.From(property.Name), column.Aliases, column.Unit, column.Source);
        Preferred = column.IsNameLast ? [.. Aliases, Name] : [Name, .. Aliases];
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Kind = type == typeof(string) ? RunColumnKind.Text
            : type == typeof(double) ? RunColumnKind.Number
            : type == typeof(long) ? RunColumnKind.Whole : RunColumnKind.Flag;
    }

    /// <summary>Every column, in the order in which tables are written.</summary>
    public static IReadOnlyList<RunColumn> All { get; } =
    [
        .. from property in typeof(RunRow).GetProperties()
           let column = property.GetCustomAttribute<ColumnAttribute>()
           where column is not null
           select new RunColumn(property, column),
    ];

    public string Name { get; }

    public RunColumnKind Kind { get; }

    /// <summary>What its numbers count; null for counts, rates and text.</summary>
    public string? Unit { get; }

    /// <summary>What else tables and <c>--map</c> may call it: the symbol of the laws.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Its name and aliases in the order in which a table's columns are looked for.</summary>
    public IReadOnlyList<string> Preferred { get; }

    /// <summary>Where a run's record has it: keys of <c>result.json</c>, or of what a grid adds, joined by points; null
    /// where no run has it.</summary>
    public string? Source { get; }

    /// <summary>The name of the property of <see cref="RunRow"/>.</summary>
    public string Property => _property.Name;

    /// <summary>The column that a name or an alias means, without regard to case; null when there is none.</summary>
    public static RunColumn? Find(string name)
        => All.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? All.FirstOrDefault(column => column.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>A row's value: text, double, long or bool; null where the row has none.</summary>
    public object? Of(RunRow row) => _property.GetValue(row) switch
    {
        "" or double.NaN => null,
        var value => value,
    };

    /// <summary>A row from text, column by column. What is empty or cannot be read is missing: <see cref="RunRow.N"/>,
    /// <see cref="RunRow.D"/> and <see cref="RunRow.Loss"/> are NaN then.</summary>
    /// <param name="textOf">A column's text; empty when there is none.</param>
    public static RunRow ReadRow(Func<RunColumn, string> textOf)
    {
        var row = new RunRow { Optimizer = RunRow.SingleOptimizer, N = double.NaN, D = double.NaN, Loss = double.NaN };
        foreach (var column in All)
            if (column.Parse(textOf(column)) is { } value) column._property.SetValue(row, value);
        return row;
    }

    /// <summary>A row from a run's record, see <see cref="Source"/>; missing values as in the other overload.</summary>
    /// <param name="record">The object of <c>result.json</c>, with what a grid adds.</param>
    public static RunRow ReadRow(JsonObject record) => ReadRow(column => column.TextIn(record));

    private string TextIn(JsonObject record)
    {
        JsonNode? node = Source is null ? null : record;
        foreach (var key in Source?.Split('.') ?? []) node = node?[key];
        return node?.ToString() ?? "";
    }

    private object? Parse(string text) => Kind switch
    {
        _ when text.Length == 0 => null,
        RunColumnKind.Text => text,
        RunColumnKind.Flag => ParseFlag(text),
        RunColumnKind.Number => ParseNumber(text) is { } number && (number > 0 || !_isPositive) ? number : null,
        _ => ParseNumber(text) is { } number && Math.Abs(number) < LargestInteger ? (long)number : null,
    };

    private static double? ParseNumber(string text)
        => Quantity.TryParse(text, out var value) ? value : null;

    private static bool? ParseFlag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => null,
    };
}

/// <summary>Makes a property of <see cref="RunRow"/> a column of the run table; its kind is the property's
/// type.</summary>
/// <param name="name">The column's name; null for the property's in snake case.</param>
/// <param name="aliases">What else tables and <c>--map</c> may call it.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ColumnAttribute(string? name = null, params string[] aliases) : Attribute
{
    public string? Name => name;

    public IReadOnlyList<string> Aliases => aliases;

    public string? Unit { get; init; }

    public string? Source { get; init; }

    /// <summary>Whether the aliases are looked for before the name, which means something else beside them: a
    /// plain loss that of training.</summary>
    public bool IsNameLast { get; init; }

    /// <summary>Whether a number that is not above zero counts as missing.</summary>
    public bool IsPositive { get; init; }
}
