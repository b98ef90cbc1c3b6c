using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>
/// Which column of a file holds which quantity: <c>N=total_params</c>, <c>D=train_tokens</c>, <c>C=…</c>, <c>loss=…</c>,
/// <c>optimizer=…</c>, <c>size=…</c>, or any other column of the run table by its own name (docs/tables.md).
/// </summary>
public sealed class ColumnMapping
{
    private static readonly Dictionary<string, string> Symbols = new(StringComparer.OrdinalIgnoreCase)
    {
        ["N"] = "n",
        ["D"] = "tokens",
        ["C"] = "flops",
        ["L"] = "loss",
        ["S"] = "seconds",
    };

    private readonly Dictionary<string, string> _columnOf;

    private ColumnMapping(Dictionary<string, string> columnOf) => _columnOf = columnOf;

    /// <summary>The run table's own names; <c>N</c> is column <c>n</c>, or <c>non_embedding_params</c> where there is none.</summary>
    public static ColumnMapping Default { get; } = new([]);

    /// <summary>Parses assignments of the form <c>quantity=column</c>.</summary>
    /// <param name="assignments">The assignments; later ones win.</param>
    /// <returns>The mapping; quantities that are not assigned keep their default names.</returns>
    /// <exception cref="UserException">An assignment without <c>=</c>, or of a quantity that does not exist.</exception>
    public static ColumnMapping Parse(IEnumerable<string> assignments)
    {
        var columnOf = new Dictionary<string, string>();
        foreach (var assignment in assignments)
        {
            int equals = assignment.IndexOf('=');
            if (equals <= 0 || equals == assignment.Length - 1)
                throw new UserException($"--map {assignment}: write QUANTITY=COLUMN, such as --map N=non_embedding_params.");
            var (quantity, column) = (assignment[..equals].Trim(), assignment[(equals + 1)..].Trim());
            var name = Symbols.GetValueOrDefault(quantity, quantity.ToLowerInvariant());
            if (!RunColumn.All.Any(known => known.Name == name))
                throw new UserException($"--map {assignment}: no quantity is called '{quantity}'; use N, D, C, loss, optimizer, "
                    + "size, or another column of the run table (docs/tables.md).");
            columnOf[name] = column;
        }
        return new(columnOf);
    }

    /// <summary>The same mapping with another column for <c>N</c>, to compare conventions of counting parameters.</summary>
    /// <param name="column">The column that counts parameters.</param>
    /// <returns>The changed mapping.</returns>
    public ColumnMapping WithN(string column) => new(new(_columnOf) { ["n"] = column });

    /// <summary>Whether the user named a column for this quantity.</summary>
    internal bool IsExplicit(string name) => _columnOf.ContainsKey(name);

    /// <summary>The column to look for, by the run table's own name of the quantity.</summary>
    internal string ColumnOf(string name) => _columnOf.GetValueOrDefault(name, name);
}
