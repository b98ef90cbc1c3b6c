using PretrainBench.Data;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Loop;

/// <summary>The tokens of one step, cut into parts that are computed one after the other.</summary>
internal sealed class TokenBatch : IDisposable
{
    private readonly BatchConfig _batch;
    private readonly Device _device;
    private readonly int _partSequences;
    private readonly long[] _inputs;
    private readonly long[] _targets;
    private Tensor? _inputs_BT, _targets_BT;

    public TokenBatch(BatchConfig batch, int microBatchSequences, Device device)
    {
        (_batch, _device) = (batch, device);
        _partSequences = microBatchSequences == 0 ? batch.SequencesPerStep : microBatchSequences;
        Parts = batch.SequencesPerStep / _partSequences;
        _inputs = new long[batch.TokensPerStep];
        _targets = new long[batch.TokensPerStep];
    }

    /// <summary>How many parts the step has; all of the same size.</summary>
    public int Parts { get; }

    public void Fill(BatchReader reader, int step)
    {
        reader.Read(step, _batch.SequencesPerStep, _inputs, _targets);
        _inputs_BT = ToTensor(_inputs);
        _targets_BT = ToTensor(_targets);
    }

    /// <summary>Tokens of a part, [sequences, positions].</summary>
    public Tensor Inputs(int part) => Part(_inputs_BT!, part);

    /// <summary>The tokens that follow, same shape.</summary>
    public Tensor Targets(int part) => Part(_targets_BT!, part);

    public void Dispose()
    {
        _inputs_BT?.Dispose();
        _targets_BT?.Dispose();
    }

    private Tensor Part(Tensor all_BT, int part) => all_BT.narrow(0, (long)part * _partSequences, _partSequences);

    private Tensor ToTensor(long[] tokens)
        => tensor(tokens, new long[] { _batch.SequencesPerStep, _batch.SequenceLength }, dtype: ScalarType.Int64,
            device: _device);
}
