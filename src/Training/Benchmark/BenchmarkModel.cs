using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Benchmark;

/// <summary>What benchmarks time: a model on random tokens.</summary>
public abstract record ModelBenchmarkConfig
{
    private const int DefaultVocabularySize = 8192;

    /// <summary>The model; default 10M-class: 8 layers of width 256, 4 heads. A vocabulary left open has 8,192 tokens:
    /// a benchmark has no tokenizer.</summary>
    public ModelConfig Model { get; init; } = new() { Layers = 8, Width = 256, Heads = 4 };

    /// <summary>Tokens of a step; default 8 sequences of 256.</summary>
    public BatchConfig Batch { get; init; } = new() { SequencesPerStep = 8 };

    /// <summary>How the model's products with weights are taken.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Where and with how many threads.</summary>
    public ExecutionConfig Execution { get; init; } = new();

    /// <summary>The model with its vocabulary.</summary>
    internal ModelShape Shape() => Model.Resolve(Model.VocabularySize ?? DefaultVocabularySize);
}

/// <summary>The model of a benchmark with one batch of random tokens.</summary>
internal sealed class BenchmarkModel : IDisposable
{
    private readonly long[] _batch;
    private readonly long[] _tokens;

    /// <summary>Sets the threads, builds the model and draws the tokens.</summary>
    public BenchmarkModel(ModelBenchmarkConfig config)
    {
        if (config.Execution.Threads > 0) set_num_threads(config.Execution.Threads);
        Target = RunSession.DeviceOf(config.Execution);
        Model = new Decoder(config.Shape(), seed: 0, Target, config.Precision);
        var random = new Random(0);
        _tokens = [.. Enumerable.Range(0, (int)config.Batch.TokensPerStep + 1)
            .Select(_ => (long)random.Next(Model.Shape.VocabularySize))];
        _batch = [config.Batch.SequencesPerStep, config.Batch.SequenceLength];
    }

    public Device Target { get; }

    public Decoder Model { get; }

    /// <summary>The batch's tokens, [sequences, positions].</summary>
    public Tensor Inputs() => tensor(_tokens[..^1], _batch, dtype: ScalarType.Int64, device: Target);

    public Tensor Targets() => tensor(_tokens[1..], _batch, dtype: ScalarType.Int64, device: Target);

    /// <summary>A forward and backward pass; gradients are left in the parameters, and the caller's scope owns the
    /// loss.</summary>
    public Tensor Pass()
        => Model.AddGradients(Inputs(), Targets());

    public void ClearGradients()
    {
        foreach (var parameter in Model.Parameters) parameter.Value.grad = null;
    }

    public void Dispose() => Model.Dispose();
}
