using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Tables;

/// <summary>Which column of a file holds which column of the run table: <c>N=total_params</c>, <c>D=train_tokens</c>,
/// <c>C=…</c>, <c>loss=…</c>, or any other by its name or an alias (<see cref="RunColumn"/>).</summary>
public sealed class ColumnMapping
{
    private readonly Dictionary<RunColumn, string> _nameOf = [];

    private ColumnMapping()
    {
    }

    /// <summary>The run table's own names and aliases.</summary>
    public static ColumnMapping Default { get; } = new();

    /// <summary>Parses assignments of the form <c>quantity=column</c>; what is not assigned keeps its default
    /// names.</summary>
    /// <param name="assignments">The assignments; later ones win.</param>
    /// <exception cref="UserException">An assignment without <c>=</c>, or of a quantity that does not
    /// exist.</exception>
    public static ColumnMapping Parse(IEnumerable<string> assignments)
    {
        var mapping = new ColumnMapping();
        foreach (var assignment in assignments)
        {
            var equals = assignment.IndexOf('=');
            if (equals <= 0 || equals == assignment.Length - 1)
                throw new UserException(
                    $"`--map {assignment}`: write QUANTITY=COLUMN, such as `--map N=non_embedding_params`");
            var quantity = assignment[..equals].Trim();
            var column = RunColumn.Find(quantity)
                ?? throw new UserException($"`--map {assignment}`: the run table has no "
                + $"`{quantity}`{Suggestion.For(quantity, RunColumn.All.Select(known => known.Name))}; also N, D, C");
            mapping._nameOf[column] = assignment[(equals + 1)..].Trim();
        }
        return mapping;
    }

    /// <summary>Where a file may have a column of the run table, the likeliest place first.</summary>
    internal int[] IndicesIn(RawTable file, RunColumn column)
        => _nameOf.TryGetValue(column, out var name) ? [file.IndexOf(name)] : file.IndicesOf(column);

    /// <exception cref="UserException">The user named columns that the file lacks.</exception>
    internal void RequireIn(RawTable file)
    {
        List<string> absent = [.. _nameOf.Values.Where(name => file.IndexOf(name) < 0).Select(name => $"`{name}`")];
        if (absent.Count > 0)
            throw file.Lacks($"column {string.Join(", ", absent)} that `--map` names");
    }
}
