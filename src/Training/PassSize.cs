using PretrainBench.Torch;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training;

/// <summary>How many of a batch's sequences go through the model at once: parts of equal size, so a divisor.</summary>
internal static class PassSize
{
    // What is left for the allocator's pieces and for whoever else uses the device.
    private const double ShareTaken = 0.8;

    /// <summary>The size that a run begins with.</summary>
    public static int Of(RunConfig config, Func<int, double> bytesFor, Device device)
    {
        var batch = config.Batch.SequencesPerStep;
        var asked = config.Execution.MicroBatchSequences;
        if (asked != MicroBatch.Auto) return asked == MicroBatch.WholeBatch ? batch : asked.Sequences;
        double free = device.type == DeviceType.CUDA
            ? DeviceMemory.Of(device)?.Free ?? double.PositiveInfinity
            : MachineSpace.MemoryBytes / (double)config.Execution.WorkersOnDevice;
        var size = batch;
        while (bytesFor(size) > ShareTaken * free && Smaller(batch, size) is { } smaller) size = smaller;
        return size;
    }

    /// <summary>The next smaller one; null after one sequence at a time.</summary>
    public static int? Smaller(int batch, int size)
        => Enumerable.Range(1, size - 1).Reverse().FirstOrDefault(part => batch % part == 0) is > 0 and var next
            ? next
            : null;

    /// <summary>What to tell a user whose passes do not fit.</summary>
    public static UserException TooLarge(RunConfig config, int size, Exception inner)
    {
        var recompute = config.Execution.RecomputeActivations ? "" : ", execution.recompute_activations=true";
        var advice = Smaller(config.Batch.SequencesPerStep, size) is { } smaller
            ? $"execution.micro_batch_sequences={smaller} (or {MicroBatch.AutoWord})"
            : "a shorter batch.sequence_length or a smaller model";
        return new UserException($"there is not enough memory for a pass of {size} sequences of "
            + $"{config.Batch.SequenceLength} tokens on {config.Execution.Device}: take {advice}{recompute}, or fewer "
            + "workers beside this one", ExitCodes.Failed, inner);
    }
}
