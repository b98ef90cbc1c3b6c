using PretrainBench.Data;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training;

/// <summary>About what a run takes of the machine, known before anything of it is taken.</summary>
/// <param name="Memory">What it holds at once.</param>
/// <param name="CheckpointBytes">The most that its checkpoints take on disk at once.</param>
/// <param name="FinalBytes">What stays on disk.</param>
/// <param name="Flops">Of its forward and backward passes.</param>
/// <param name="Passes">How often it goes through the training tokens.</param>
/// <param name="HeldOutDocuments">Documents of its validation set.</param>
public sealed record RunNeeds(RunMemory Memory, double CheckpointBytes, double FinalBytes, double Flops,
    double Passes, long HeldOutDocuments)
{
    private const int NumberBytes = 4, StateNumbers = 2;

    /// <summary>From fewer held-out documents than this a validation loss says much of these documents.</summary>
    private const int FewDocuments = 100;

    public double MemoryBytes => Memory.Weights + Memory.Gradients + Memory.State + Memory.Activations;

    /// <summary>What a configuration needs with its data set.</summary>
    /// <exception cref="UserException">The data set is missing, or the configuration does not fit it.</exception>
    public static RunNeeds Of(RunConfig config)
    {
        var data = DatasetManifest.Read(config.Data.Folder);
        var run = RunSession.Resolve(config);
        double parameters = ParameterCounts.Of(run.Shape).Total;
        var average = run.Config.Averaging is null ? 0 : parameters * NumberBytes;
        var checkpoint = parameters * (1 + StateNumbers) * NumberBytes + average;
        return new(
            new(parameters * NumberBytes + average, parameters * NumberBytes, parameters * StateNumbers * NumberBytes,
                KeptInOnePass(run, SequencesPerPass(run, new Device(config.Execution.Device)))),
            checkpoint * (config.Checkpoint.Keep + 1),
            config.Checkpoint.KeepFinalWeights ? parameters * NumberBytes + average : 0,
            run.Tokens * ModelFlops.TrainingPerToken(run.Shape, config.Batch.SequenceLength),
            (double)run.Tokens / data.Train.Tokens,
            data.Validation.Documents);
    }

    /// <summary>The shortest that it can take on this machine, were it nothing but matrix products.</summary>
    public TimeSpan LeastTime(RunConfig config)
    {
        if (config.Execution.Threads > 0) set_num_threads(config.Execution.Threads);
        return TimeSpan.FromSeconds(
            Math.Min(Flops / MachineCeiling.FlopsPerSecond(RunSession.DeviceOf(config.Execution), config.Precision),
                TimeSpan.MaxValue.TotalSeconds / 2));
    }

    /// <summary>What is probably not meant.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Passes > 1)
            yield return $"the budget is {Passes.Rounded(3)} passes over the training data: losses of repeated tokens "
                + "are not those of fresh ones; prepare more data";
        if (HeldOutDocuments < FewDocuments)
            yield return $"only {HeldOutDocuments} documents are held out: the loss depends on which; hold out at "
                + $"least {FewDocuments} (`data prepare validation_fraction=…`)";
    }

    /// <summary>How many sequences a run takes through the model at once.</summary>
    internal static int SequencesPerPass(ResolvedRun run, Device device)
    {
        double parameters = ParameterCounts.Of(run.Shape).Total;
        return PassSize.Of(run.Config,
            sequences => parameters * (2 + StateNumbers) * NumberBytes + KeptInOnePass(run, sequences), device);
    }

    // Inputs of products, norms and gates in every layer, the hidden states, and a slice of logits with its gradient.
    private static double KeptInOnePass(ResolvedRun run, int sequences)
    {
        var tokens = (double)sequences * run.Config.Batch.SequenceLength;
        var perBlock = 11.0 * run.Shape.Width + 4.0 * run.Shape.FeedForwardWidth;
        var perToken = run.Config.Execution.RecomputeActivations
            ? perBlock + run.Shape.Layers * run.Shape.Width
            : run.Shape.Layers * perBlock;
        return NumberBytes * (tokens * perToken + 3.0 * run.Shape.VocabularySize);
    }
}

/// <summary>What a run holds in memory, in bytes.</summary>
/// <param name="Weights">Their average included.</param>
/// <param name="State">Of an optimizer like Adam.</param>
/// <param name="Activations">What one pass keeps for the backward pass.</param>
public sealed record RunMemory(double Weights, double Gradients, double State, double Activations);
