using System.Text.Json.Serialization;

namespace PretrainBench.Core.Runs;

/// <summary>One training run: a row of the run table, and what a scaling law is fitted to. Every property with a
/// <see cref="ColumnAttribute"/> is a column (<see cref="RunColumn.All"/>); its summary here is what docs/tables.md
/// says of it.</summary>
public sealed record RunRow
{
    /// <summary>The optimizer of a run whose table names none.</summary>
    public const string SingleOptimizer = "all";

    /// <summary>The run's identity; a second row of the same run is a duplicate.</summary>
    [Column("run", "run_id", "id", "run_name", "name", Source = "run_id")]
    public string Run { get; init; } = "";

    /// <summary>The optimizer's name; a table without it has one optimizer, <c>all</c>.</summary>
    [Column("optimizer", "optimizer_name", "optim", "opt", Source = "optimizer")]
    public required string Optimizer { get; init; }

    /// <summary>The size's label, such as <c>130m</c>; where absent, <c>n</c> as text.</summary>
    [Column(Source = "size")]
    public string Size { get; init; } = "";

    /// <summary>The parameter count to fit with; where the column is absent, <c>non_embedding_params</c>.</summary>
    [Column("n", "params", "parameters", "model_params", "model_parameters", "num_params", "num_parameters", "n_params",
        "param_count", "parameter_count", IsPositive = true)]
    public required double N { get; init; }

    /// <summary>All parameters outside embedding and head.</summary>
    [Column("non_embedding_params", "non_embedding_parameters", "params_non_embedding", IsPositive = true,
        Source = "parameters.non_embedding")]
    public double? NonEmbeddingParams { get; init; }

    /// <summary>All parameters.</summary>
    [Column(IsPositive = true, Source = "parameters.total")]
    public double? TotalParams { get; init; }

    /// <summary>Parameters of the token embedding.</summary>
    [Column(IsPositive = true, Source = "parameters.embedding")]
    public double? EmbeddingParams { get; init; }

    /// <summary>Parameters of the output projection; 0 when it is the embedding.</summary>
    [Column(Source = "parameters.head")]
    public double? HeadParams { get; init; }

    /// <summary>Parameters in hidden matrices.</summary>
    [Column(IsPositive = true, Source = "parameters.matrices")]
    public double? MatrixParams { get; init; }

    /// <summary>Parameters in vectors: gains and biases.</summary>
    [Column(IsPositive = true, Source = "parameters.vectors")]
    public double? VectorParams { get; init; }

    /// <summary>Training tokens; where absent, C / 6N.</summary>
    [Column("tokens", "D", "train_tokens", "training_tokens", "tokens_seen", "tokens_trained", "total_tokens",
        "num_tokens", "n_tokens", IsPositive = true, Unit = "tokens", Source = "tokens")]
    public required double D { get; init; }

    /// <summary>Tokens in the training data; a run of more sees them again.</summary>
    [Column("unique_tokens", "U", IsPositive = true, Unit = "tokens", Source = "training_tokens_available")]
    public double? UniqueTokens { get; init; }

    /// <summary>Tokens for each parameter, as the grid's axis has them.</summary>
    [Column(IsPositive = true, Source = "tokens_per_parameter")]
    public double? TokensPerParameter { get; init; }

    /// <summary>Training FLOPs, optimizer step included.</summary>
    [Column("flops", "C", "train_flops", "training_flops", "total_flops", IsPositive = true, Unit = "FLOPs",
        Source = "flops")]
    public double? Flops { get; init; }

    /// <summary>Training time, optimizer step included.</summary>
    [Column("seconds", "S", "training_seconds", "train_seconds", "train_runtime", "runtime", IsPositive = true,
        Unit = "s", Source = "training_seconds")]
    public double? Seconds { get; init; }

    /// <summary>Runs that shared its device, itself included; above 1, times are not those of a run alone.</summary>
    [Column(IsPositive = true, Source = "config.execution.workers_on_device")]
    public double? WorkersOnDevice { get; init; }

    /// <summary>The part of <c>seconds</c> spent in the optimizer.</summary>
    [Column(IsPositive = true, Unit = "s", Source = "optimizer_seconds")]
    public double? OptimizerSeconds { get; init; }

    /// <summary>Final validation loss; a run that diverged or failed has none.</summary>
    [Column("loss", "L", "final_loss", "final_val_loss", "final_validation_loss", "validation_loss", "val_loss",
        "valid_loss", "eval_loss", IsPositive = true, IsNameLast = true, Unit = "nats per token",
        Source = "final_loss")]
    public required double Loss { get; init; }

    /// <summary>Final validation loss of the averaged weights; <c>--loss averaged</c> fits it.</summary>
    [Column(IsPositive = true, Unit = "nats per token", Source = "averaged_loss")]
    public double? AveragedLoss { get; init; }

    /// <summary>The same for each byte of text.</summary>
    [Column(IsPositive = true, Unit = "bits per byte", Source = "averaged_bits_per_byte")]
    public double? AveragedBitsPerByte { get; init; }

    /// <summary>The same as <c>loss</c> for each byte of text.</summary>
    [Column(IsPositive = true, Unit = "bits per byte", Source = "bits_per_byte")]
    public double? BitsPerByte { get; init; }

    /// <summary>Peak learning rate.</summary>
    [Column("learning_rate", "lr", "peak_lr", "max_lr", "optimizer_lr", "optimizer_learning_rate",
        Source = "config.optimizer.learning_rate")]
    public double? LearningRate { get; init; }

    /// <summary>Weight decay.</summary>
    [Column("weight_decay", "wd", "optimizer_weight_decay", Source = "config.optimizer.weight_decay")]
    public double? WeightDecay { get; init; }

    /// <summary>Tokens in one optimizer step.</summary>
    [Column("batch_tokens", "tokens_per_step", "tokens_per_batch", Unit = "tokens", Source = "tokens_per_step")]
    public double? BatchTokens { get; init; }

    /// <summary>Seed of initialisation.</summary>
    [Column("seed", "random_seed", Source = "config.seed")]
    public long? Seed { get; init; }

    /// <summary>Seed of the data order.</summary>
    [Column(Source = "config.data.seed")]
    public long? DataSeed { get; init; }

    /// <summary>The trunk that the run branched from; runs of one trunk are not independent.</summary>
    [Column(Source = "trunk")]
    public string Trunk { get; init; } = "";

    /// <summary>How the run ended: <c>done</c> (or <c>finished</c>, <c>completed</c>, <c>succeeded</c>),
    /// <c>diverged</c>, <c>failed</c>, <c>crashed</c>, <c>killed</c>, <c>running</c>; anything but <c>done</c> is left
    /// out of fits.</summary>
    [Column("status", "state", Source = "status")]
    public string Status { get; init; } = "done";

    /// <summary>Whether the loss is final; <c>false</c> is left out of fits.</summary>
    [Column(Source = "final")]
    public bool Final { get; init; } = true;

    /// <summary>Whether the learning rate is the smallest or largest that was tried, for fairness checks.</summary>
    [Column(Source = "learning_rate_on_edge")]
    public bool? LearningRateOnEdge { get; init; }

    /// <summary>How many learning rates were tried for this cell, for fairness checks.</summary>
    [Column(Source = "tuning_trials")]
    public long? TuningTrials { get; init; }

    /// <summary>Whether a learning rate that was carried here from other sizes held where it was checked:
    /// <c>accepted</c>, <c>refused</c> or <c>unchecked</c>.</summary>
    [Column(Source = "learning_rate_scaling")]
    public string LearningRateScaling { get; init; } = "";

    /// <summary>Fingerprint of the training and validation data.</summary>
    [Column(Source = "data.data_hash")]
    public string DataHash { get; init; } = "";

    /// <summary>Fingerprint of the tokenizer.</summary>
    [Column(Source = "data.tokenizer_hash")]
    public string TokenizerHash { get; init; } = "";

    /// <summary>Size of the validation set.</summary>
    [Column(Unit = "tokens", Source = "validation_tokens")]
    public long? ValidationTokens { get; init; }

    /// <summary>Positions in a sequence.</summary>
    [Column("sequence_length", "seq_len", "seq_length", "context_length", Unit = "tokens",
        Source = "config.batch.sequence_length")]
    public long? SequenceLength { get; init; }

    /// <summary>The learning rate's schedule.</summary>
    [Column(Source = "config.schedule.kind")]
    public string Schedule { get; init; } = "";

    /// <summary>How products were taken.</summary>
    [Column(Source = "config.precision")]
    public string Precision { get; init; } = "";

    /// <summary>The program's version.</summary>
    [Column(Source = "versions.pretrainbench")]
    public string Program { get; init; } = "";

    /// <summary>The version of libtorch.</summary>
    [Column(Source = "versions.torch")]
    public string Torch { get; init; } = "";

    /// <summary>The file that the row came from.</summary>
    public string File { get; init; } = "";

    /// <summary>The row's line in the file, 1-based with the header as line 1; in Parquet, its row number.</summary>
    public int Line { get; init; }

    /// <summary>How often the data was seen again, D / U − 1; 0 where none was, or it is not known.</summary>
    [JsonIgnore]
    public double Repeats => Math.Max(D / (UniqueTokens ?? D) - 1, 0);

    /// <summary>How messages name the row: its run, or file and line.</summary>
    public string Label => Run.Length > 0 ? Run : File.Length > 0 ? $"{Path.GetFileName(File)}:{Line}" : $"row {Line}";
}
