using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>Turns the cells of one file into run rows, or says why a row cannot be one.</summary>
internal sealed class RunRowParser
{
    private static readonly RunColumn Run = Column(nameof(RunRow.Run)), Optimizer = Column(nameof(RunRow.Optimizer)),
        N = Column(nameof(RunRow.N)), NonEmbedding = Column(nameof(RunRow.NonEmbeddingParams)),
        D = Column(nameof(RunRow.D)),
        Flops = Column(nameof(RunRow.Flops)), Loss = Column(nameof(RunRow.Loss));

    private readonly RawTable _file;
    private readonly Dictionary<RunColumn, int> _index = [];
    private readonly List<(RunColumn Column, string Other)> _others = [];

    public RunRowParser(RawTable file, ColumnMapping mapping)
    {
        _file = file;
        mapping.RequireIn(file);
        foreach (var column in RunColumn.All)
            if (mapping.IndicesIn(file, column) is [var index, .. var others])
            {
                _index[column] = index;
                if (column == N || column == D || column == Loss)
                    _others.AddRange(others.Select(other => (column, file.Columns[other])));
            }
        if (!_index.ContainsKey(N) && _index.TryGetValue(NonEmbedding, out var counted)) _index[N] = counted;
        Require();
    }

    /// <summary>Whether the file says which run a row is: names for people may repeat.</summary>
    public bool IdentifiesRuns => _index.TryGetValue(Run, out var index)
        && !_file.Columns[index].EndsWith("name", StringComparison.OrdinalIgnoreCase);

    /// <summary>What to tell of columns that were passed over, though they are called like what was wanted.</summary>
    public IEnumerable<Finding> PassedOver
        => _others.Select(pair => new Finding(Severity.Note, "several-columns",
            $"{pair.Column.Name} is read from `{NameInFile(pair.Column)}`, not from `{pair.Other}`: "
            + $"`--map {Assignment(pair.Column.Name, pair.Other)}` takes that one."));

    /// <summary>Which column of the file each column of the run table is read from, by name.</summary>
    public IReadOnlyDictionary<string, string> Used
        => _index.ToDictionary(pair => pair.Key.Name, pair => _file.Columns[pair.Value]);

    /// <summary>Reads a row; exactly one of the two results is not null.</summary>
    public (RunRow? Row, ExcludedRow? Reject) Parse(string[] cells, int line)
    {
        var row = RunColumn.ReadRow(column => Text(cells, column)) with { File = _file.File, Line = line };
        if (Text(cells, D).Length == 0 && row.Flops is { } flops) row = row with { D = flops / (6 * row.N) };
        if (row.Size.Length == 0) row = row with { Size = row.N.Rounded(6) };
        var (code, reason) = WhyNot(row, cells);
        return code is null ? (row, null) : (null, Reject(cells, line, code, reason));
    }

    /// <summary>An entry for the list of rows left out.</summary>
    public ExcludedRow Reject(string[] cells, int line, string code, string reason)
        => new(_file.File, line, Text(cells, Run), Text(cells, Optimizer), code, reason);

    private (string? Code, string Reason) WhyNot(RunRow row, string[] cells)
    {
        var status = row.Status.ToLowerInvariant();
        if (status is "diverged") return ("diverged", "the run diverged");
        if (status is not ("done" or "finished" or "completed" or "succeeded" or "success"))
            return (status is "failed" or "crashed" or "killed" ? status
                : status is "running" or "scheduled" or "pending" ? "running" : "not_final",
                $"the run's status is `{status}`");
        if (!row.Final)
            return ("not_final",
                "not a final loss: read before the end of the schedule or on part of the validation set");
        RunColumn[] needed = Text(cells, Flops).Length == 0 ? [Loss, N, D] : [Loss, N, Flops, D];
        foreach (var column in needed)
        {
            if (column.Of(row) is not double value) return Unusable(Text(cells, column), NameInFile(column));
            if (TableUnits.WhyImpossible(column.Property, NameInFile(column), value) is { } why)
                return (TableUnits.Impossible, why);
        }
        return (null, "");
    }

    private void Require()
    {
        (RunColumn[] Any, string What, string Symbol, string[] Words)[] needs =
        [
            ([N], "parameters", "N", ["param"]), ([D, Flops], "training tokens or FLOPs", "D", ["token"]),
            ([Loss], "final losses", "loss", ["loss", "nll", "entropy"]),
        ];
        var lacking = needs.Where(need => !need.Any.Any(_index.ContainsKey)).ToList();
        if (lacking.Count == 0) return;
        var line = lacking.Select(need
            => Assignment(need.Symbol, _file.Likely(_index.Values, need.Words) ?? "COLUMN"));
        throw _file.Lacks($"column of {string.Join(", of ", lacking.Select(need => need.What))}: name "
            + $"{(lacking.Count == 1 ? "it" : "them")} with `--map {string.Join(' ', line)}`"
            + (lacking.Any(need => need.Any.Contains(Flops)) ? " (from FLOPs, `C=COLUMN`, D is C/6N)" : ""));
    }

    private static string Assignment(string name, string column)
        => column.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.' or '/' or '-')
            ? $"{name}={column}" : $"\"{name}={column}\"";

    private static (string Code, string Reason) Unusable(string text, string name)
        => text.Length == 0 ? ("missing", $"{name} is empty")
            : Quantity.TryParse(text, out _)
            ? ("not_positive", $"{name} is {text}; it must be above zero")
            : ("not_a_number", $"{name} is `{text}`, not a finite number");

    private string NameInFile(RunColumn column)
        => _index.TryGetValue(column, out var index) ? _file.Columns[index] : column.Name;

    private string Text(string[] cells, RunColumn column)
        => _index.TryGetValue(column, out var index) ? cells[index] : "";

    private static RunColumn Column(string property) => RunColumn.All.Single(column => column.Property == property);
}
