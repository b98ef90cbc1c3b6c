namespace PretrainBench.Analysis.Tables;

/// <summary>What a column of the run table holds.</summary>
internal enum RunColumnKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A floating-point number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>true or false.</summary>
    Flag,
}

/// <summary>A column of the run table: its name, its kind and where a row keeps it.</summary>
internal sealed record RunColumn(string Name, RunColumnKind Kind, Func<RunRow, object?> Of)
{
    /// <summary>Every column, in the order in which tables are written.</summary>
    public static IReadOnlyList<RunColumn> All { get; } =
    [
        new("run", RunColumnKind.Text, row => row.Run),
        new("optimizer", RunColumnKind.Text, row => row.Optimizer),
        new("size", RunColumnKind.Text, row => row.Size),
        new("n", RunColumnKind.Number, row => row.N),
        new("non_embedding_params", RunColumnKind.Number, row => row.NonEmbeddingParams),
        new("total_params", RunColumnKind.Number, row => row.TotalParams),
        new("embedding_params", RunColumnKind.Number, row => row.EmbeddingParams),
        new("head_params", RunColumnKind.Number, row => row.HeadParams),
        new("matrix_params", RunColumnKind.Number, row => row.MatrixParams),
        new("vector_params", RunColumnKind.Number, row => row.VectorParams),
        new("tokens", RunColumnKind.Number, row => row.D),
        new("tokens_per_parameter", RunColumnKind.Number, row => row.D / row.N),
        new("flops", RunColumnKind.Number, row => row.Flops),
        new("seconds", RunColumnKind.Number, row => row.Seconds),
        new("optimizer_seconds", RunColumnKind.Number, row => row.OptimizerSeconds),
        new("loss", RunColumnKind.Number, row => row.Loss),
        new("bits_per_byte", RunColumnKind.Number, row => row.BitsPerByte),
        new("learning_rate", RunColumnKind.Number, row => row.LearningRate),
        new("weight_decay", RunColumnKind.Number, row => row.WeightDecay),
        new("batch_tokens", RunColumnKind.Number, row => row.BatchTokens),
        new("seed", RunColumnKind.Integer, row => row.Seed),
        new("data_seed", RunColumnKind.Integer, row => row.DataSeed),
        new("trunk", RunColumnKind.Text, row => row.Trunk),
        new("status", RunColumnKind.Text, _ => "done"),
        new("final", RunColumnKind.Flag, _ => true),
        new("learning_rate_on_edge", RunColumnKind.Flag, row => row.LearningRateOnEdge),
        new("tuning_trials", RunColumnKind.Integer, row => row.TuningTrials),
    ];

    /// <summary>The column of a name.</summary>
    /// <exception cref="ArgumentException">The run table has no such column.</exception>
    public static RunColumn Get(string name)
        => All.FirstOrDefault(column => column.Name == name) ?? throw new ArgumentException($"the run table has no column {name}", nameof(name));
}
