using System.Runtime.InteropServices;
using PretrainBench.Data;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Loop;

/// <summary>The tokens of one step after the other, each cut into parts that are computed one by one. On an accelerator
/// the next step's are read while this one's are at work, into pinned memory, and copied without waiting.</summary>
internal sealed class TokenBatch : IDisposable
{
    // What is read ahead may not overwrite what is still on its way to the device: with the numbers of a step read
    // while the next one runs, the copies of two steps can be.
    private const int BuffersAhead = 3;

    private readonly BatchReader _reader;
    private readonly BatchConfig _batch;
    private readonly Device _device;
    private readonly Tensor[] _buffers_2BT;
    private (int Step, Task<Tensor> Reading)? _ahead;
    private Tensor _tokens_2BT;

    /// <summary>Prepares to read.</summary>
    /// <param name="readsAhead">Whether to read the next step's in the background; null for where it is worth
    /// it.</param>
    public TokenBatch(BatchReader reader, BatchConfig batch, int sequencesPerPart, Device device,
        bool? readsAhead = null)
    {
        (_reader, _batch, _device) = (reader, batch, device);
        SequencesPerPart = sequencesPerPart;
        ReadsAhead = readsAhead ?? device.type == DeviceType.CUDA;
        _buffers_2BT = [.. Enumerable.Range(0, ReadsAhead ? BuffersAhead : 1).Select(_ => NewBuffer())];
        _tokens_2BT = _buffers_2BT[0];
    }

    /// <summary>How many parts the step has; all of the same size.</summary>
    public int Parts => _batch.SequencesPerStep / SequencesPerPart;

    /// <summary>A divisor of the step's.</summary>
    public int SequencesPerPart { get; set; }

    private bool ReadsAhead { get; }

    /// <summary>Goes to a step.</summary>
    public void Load(int step)
    {
        // The reader serves one thread at a time: what was begun is waited for even where another step is asked for.
        var ahead_2BT = _ahead?.Reading.Result;
        var read_2BT = ahead_2BT is not null && _ahead?.Step == step ? ahead_2BT : Read(step);
        if (ReadsAhead) _ahead = (step + 1, Task.Run(() => Read(step + 1)));
        _tokens_2BT = _device.type == DeviceType.CPU ? read_2BT : read_2BT.to(_device, non_blocking: true);
    }

    /// <summary>Tokens of a part, [sequences, positions].</summary>
    public Tensor Inputs(int part) => Part(0, part);

    /// <summary>The tokens that follow, same shape.</summary>
    public Tensor Targets(int part) => Part(1, part);

    public void Dispose()
    {
        _ahead?.Reading.Wait();
        foreach (var buffer_2BT in _buffers_2BT) buffer_2BT.Dispose();
    }

    private Tensor Part(int which, int part)
        => _tokens_2BT.select(0, which).narrow(0, (long)part * SequencesPerPart, SequencesPerPart);

    private Tensor Read(int step)
    {
        var buffer_2BT = _buffers_2BT[step % _buffers_2BT.Length];
        var tokens = MemoryMarshal.Cast<byte, long>(buffer_2BT.bytes);
        var half = tokens.Length / 2;
        _reader.Read(step, _batch.SequencesPerStep, tokens[..half], tokens[half..]);
        return buffer_2BT;
    }

    private Tensor NewBuffer()
    {
        using var scope = NewDisposeScope();
        var buffer_2BT = empty([2, _batch.SequencesPerStep, _batch.SequenceLength], dtype: ScalarType.Int64);
        return (_device.type == DeviceType.CUDA ? buffer_2BT.pin_memory() : buffer_2BT).DetachFromDisposeScope();
    }
}
