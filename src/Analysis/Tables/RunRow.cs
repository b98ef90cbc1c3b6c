namespace PretrainBench.Analysis.Tables;

/// <summary>
/// One finished training run: what a scaling law is fitted to. Only the optimizer, <see cref="N"/>, <see cref="D"/> and
/// <see cref="Loss"/> are needed by every law; the rest serves the compute-based laws, uncertainty and fairness checks.
/// </summary>
public sealed record RunRow
{
    /// <summary>The run's identity; empty when the table has none.</summary>
    public string Run { get; init; } = "";

    /// <summary>The optimizer's name, as written in the table.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The size's label, such as <c>130m</c>; <see cref="N"/> as text when the table has none.</summary>
    public string Size { get; init; } = "";

    /// <summary>Parameters, by the convention that the column mapping chose (non-embedding by default).</summary>
    public required double N { get; init; }

    /// <summary>Training tokens.</summary>
    public required double D { get; init; }

    /// <summary>Final validation loss in nats per token.</summary>
    public required double Loss { get; init; }

    /// <summary>Training FLOPs, optimizer step included; null when not recorded.</summary>
    public double? Flops { get; init; }

    /// <summary>Training time in seconds, optimizer step included; null when not recorded.</summary>
    public double? Seconds { get; init; }

    /// <summary>The part of <see cref="Seconds"/> spent in the optimizer.</summary>
    public double? OptimizerSeconds { get; init; }

    /// <summary>All parameters outside the embedding.</summary>
    public double? NonEmbeddingParams { get; init; }

    /// <summary>All parameters.</summary>
    public double? TotalParams { get; init; }

    /// <summary>Parameters of the token embedding.</summary>
    public double? EmbeddingParams { get; init; }

    /// <summary>Parameters of the output projection.</summary>
    public double? HeadParams { get; init; }

    /// <summary>Parameters in hidden matrices.</summary>
    public double? MatrixParams { get; init; }

    /// <summary>Parameters in vectors: gains and biases.</summary>
    public double? VectorParams { get; init; }

    /// <summary>Final validation loss in bits per byte.</summary>
    public double? BitsPerByte { get; init; }

    /// <summary>Peak learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Weight decay.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Tokens per optimizer step.</summary>
    public double? BatchTokens { get; init; }

    /// <summary>Seed of initialisation.</summary>
    public long? Seed { get; init; }

    /// <summary>Seed of the data order.</summary>
    public long? DataSeed { get; init; }

    /// <summary>The trunk that the run was branched from; runs of one trunk are not independent. Empty when none.</summary>
    public string Trunk { get; init; } = "";

    /// <summary>Whether the learning rate is the smallest or largest that was tried.</summary>
    public bool? LearningRateOnEdge { get; init; }

    /// <summary>How many learning rates were tried for this cell.</summary>
    public long? TuningTrials { get; init; }

    /// <summary>The file that the row came from.</summary>
    public string File { get; init; } = "";

    /// <summary>The row's line in the file, 1-based with the header as line 1; in Parquet, its row number.</summary>
    public int Line { get; init; }

    /// <summary>How messages name the row: its run, or file and line.</summary>
    public string Label => Run.Length > 0 ? Run : File.Length > 0 ? $"{Path.GetFileName(File)}:{Line}" : $"row {Line}";
}
