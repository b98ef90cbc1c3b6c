using System.Globalization;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>Turns the cells of one file into run rows, or says why a row cannot be one.</summary>
internal sealed class RunRowParser
{
    /// <summary>The optimizer's name in tables that have no optimizer column.</summary>
    public const string SingleOptimizer = "all";

    private readonly RawTable _file;
    private readonly Dictionary<string, int> _index = [];

    public RunRowParser(RawTable file, ColumnMapping mapping)
    {
        _file = file;
        foreach (var column in RunColumn.All)
        {
            int index = file.IndexOf(mapping.ColumnOf(column.Name));
            if (index < 0 && mapping.IsExplicit(column.Name)) throw Missing($"column '{mapping.ColumnOf(column.Name)}' that --map names");
            if (index >= 0) _index[column.Name] = index;
        }
        if (!_index.ContainsKey("n") && _index.TryGetValue("non_embedding_params", out int counted)) _index["n"] = counted;
        if (!_index.ContainsKey("n")) throw Missing("column that counts parameters: name one with --map N=COLUMN");
        if (!_index.ContainsKey("loss")) throw Missing("column of final losses: name one with --map loss=COLUMN");
        if (!_index.ContainsKey("tokens") && !_index.ContainsKey("flops"))
            throw Missing("column of training tokens: name one with --map D=COLUMN, or training FLOPs with --map C=COLUMN (then D = C/6N)");
        Used = _index.ToDictionary(pair => pair.Key, pair => file.Columns[pair.Value]);
    }

    /// <summary>Which column each quantity is read from.</summary>
    public IReadOnlyDictionary<string, string> Used { get; }

    private UserException Missing(string what)
        => new($"{_file.File}: no {what}. The file has: {string.Join(", ", _file.Columns)}.");

    /// <summary>Reads a row; exactly one of the two results is not null.</summary>
    public (RunRow? Row, ExcludedRow? Reject) Parse(string[] cells, int line)
    {
        if (Unfinished(cells, line) is { } unfinished) return (null, unfinished);
        double? c = null;
        if (Required(cells, line, "loss", out double loss) is { } badLoss) return (null, badLoss);
        if (Required(cells, line, "n", out double n) is { } badN) return (null, badN);
        if (Text(cells, "flops").Length > 0)
        {
            if (Required(cells, line, "flops", out double flops) is { } badC) return (null, badC);
            c = flops;
        }
        double d;
        if (Text(cells, "tokens").Length == 0 && c != null) d = c.Value / (6 * n);
        else if (Required(cells, line, "tokens", out d) is { } badD) return (null, badD);
        return (Build(cells, line, n, d, loss, c), null);
    }

    /// <summary>An entry for the list of rows left out.</summary>
    public ExcludedRow Reject(string[] cells, int line, string code, string reason)
        => new(_file.File, line, Text(cells, "run"), Text(cells, "optimizer"), code, reason);

    private ExcludedRow? Unfinished(string[] cells, int line)
    {
        var status = Text(cells, "status").ToLowerInvariant();
        if (status is "diverged") return Reject(cells, line, "diverged", "the run diverged");
        if (status is not ("" or "done" or "finished" or "completed"))
            return Reject(cells, line, status is "failed" or "running" ? status : "not_final", $"the run's status is '{status}'");
        return Flag(cells, "final") == false
            ? Reject(cells, line, "not_final", "not a final loss: read before the end of the schedule or on part of the validation set")
            : null;
    }

    private ExcludedRow? Required(string[] cells, int line, string quantity, out double value)
    {
        var text = Text(cells, quantity);
        value = double.NaN;
        var column = _index.TryGetValue(quantity, out int index) ? _file.Columns[index] : quantity;
        if (text.Length == 0) return Reject(cells, line, "missing", $"{column} is empty");
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value))
            return Reject(cells, line, "not_a_number", $"{column} is '{text}', not a finite number");
        return value > 0 ? null : Reject(cells, line, "not_positive", $"{column} is {text}; it must be above zero");
    }

    private RunRow Build(string[] cells, int line, double n, double d, double loss, double? flops)
    {
        var optimizer = Text(cells, "optimizer");
        var size = Text(cells, "size");
        return new RunRow
        {
            Run = Text(cells, "run"),
            Optimizer = optimizer.Length > 0 ? optimizer : SingleOptimizer,
            Size = size.Length > 0 ? size : n.Rounded(6),
            N = n,
            D = d,
            Loss = loss,
            Flops = flops,
            Seconds = Positive(cells, "seconds"),
            OptimizerSeconds = Positive(cells, "optimizer_seconds"),
            NonEmbeddingParams = Positive(cells, "non_embedding_params"),
            TotalParams = Positive(cells, "total_params"),
            EmbeddingParams = Positive(cells, "embedding_params"),
            HeadParams = Positive(cells, "head_params"),
            MatrixParams = Positive(cells, "matrix_params"),
            VectorParams = Positive(cells, "vector_params"),
            BitsPerByte = Positive(cells, "bits_per_byte"),
            LearningRate = Number(cells, "learning_rate"),
            WeightDecay = Number(cells, "weight_decay"),
            BatchTokens = Number(cells, "batch_tokens"),
            Seed = Integer(cells, "seed"),
            DataSeed = Integer(cells, "data_seed"),
            Trunk = Text(cells, "trunk"),
            LearningRateOnEdge = Flag(cells, "learning_rate_on_edge"),
            TuningTrials = Integer(cells, "tuning_trials"),
            File = _file.File,
            Line = line,
        };
    }

    private string Text(string[] cells, string quantity) => _index.TryGetValue(quantity, out int index) ? cells[index] : "";

    private double? Number(string[] cells, string quantity)
        => double.TryParse(Text(cells, quantity), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value : null;

    private double? Positive(string[] cells, string quantity) => Number(cells, quantity) is { } value and > 0 ? value : null;

    private long? Integer(string[] cells, string quantity) => Number(cells, quantity) is { } value && Math.Abs(value) < 9e15 ? (long)value : null;

    private bool? Flag(string[] cells, string quantity) => Text(cells, quantity).ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => null,
    };
}
