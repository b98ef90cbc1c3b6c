namespace PretrainBench.Core.Runs;

/// <summary>Makes a property of <see cref="RunRow"/> a column of the run table; its kind is the property's
/// type.</summary>
/// <param name="name">The column's name; null for the property's in snake case.</param>
/// <param name="aliases">What else tables and <c>--map</c> may call it.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ColumnAttribute(string? name = null, params string[] aliases) : Attribute
{
    /// <inheritdoc cref="RunColumn.Name"/>
    public string? Name => name;

    /// <inheritdoc cref="RunColumn.Aliases"/>
    public IReadOnlyList<string> Aliases => aliases;

    /// <inheritdoc cref="RunColumn.Unit"/>
    public string? Unit { get; init; }

    /// <inheritdoc cref="RunColumn.Source"/>
    public string? Source { get; init; }

    /// <summary>Whether a number that is not above zero counts as missing.</summary>
    public bool IsPositive { get; init; }
}
