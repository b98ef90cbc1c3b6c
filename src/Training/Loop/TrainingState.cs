using PretrainBench.Optimizers;
using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Loop;

/// <summary>Everything that training changes: weights, optimizer, step, clocks. Saved whole, restored whole.</summary>
internal sealed class TrainingState : IDisposable
{
    private readonly ResolvedRun _run;

    /// <summary>The state before the first step.</summary>
    /// <param name="stop">Ends the drawing of weights, which takes minutes for the largest models.</param>
    /// <exception cref="OperationCanceledException">Told to stop.</exception>
    public TrainingState(ResolvedRun run, Device device, CancellationToken stop = default)
    {
        _run = run;
        Device = device;
        Model = new Decoder(run.Shape, run.Config.Seed, device, run.Config.Precision, stop: stop);
        stop.ThrowIfCancellationRequested();
        Optimizer = run.Config.Optimizer.Create(Model.Parameters, run.Config.Seed);
        if (run.Config.Averaging is { } averaging) Average = new WeightAverage(averaging, run.Steps, Model);
        var schedule = run.Config.Schedule;
        var warmup = Enumerable.Range(0, run.Steps)
            .FirstOrDefault(step => schedule.Factor(step, run.Steps) >= 1, run.Steps);
        Divergence = new DivergenceDetector(run.Shape.VocabularySize, warmup);
    }

    public Device Device { get; }

    public Decoder Model { get; }

    public CompositeOptimizer Optimizer { get; }

    /// <summary>The average of the weights; null where none is asked for.</summary>
    public WeightAverage? Average { get; }

    public DivergenceDetector Divergence { get; }

    public TrainingClock Clock { get; private set; } = new(0, 0);

    public int Step { get; set; }

    public string Save(string checkpointsFolder)
    {
        var optimizer = Optimizer.ExportState();
        return Checkpoint.Write(checkpointsFolder, new CheckpointState
        {
            RunId = _run.Id,
            Step = Step,
            TrainingSeconds = Clock.TrainingSeconds,
            OptimizerSeconds = Clock.OptimizerSeconds,
            OptimizerScalars = optimizer.Scalars,
            SmoothedLoss = Divergence.SmoothedLoss,
            WrittenAt = DateTimeOffset.UtcNow,
        }, Weights(), optimizer.Tensors, Average?.HasBegun(Step) == true ? Average.Tensors() : null);
    }

    /// <summary>Goes back to a verified checkpoint of this run, or of its trunk.</summary>
    public void Restore(string folder, CheckpointState saved)
    {
        using var scope = NewDisposeScope();
        ModelWeights.Load(Model, Checkpoint.ReadWeights(folder), folder);
        Optimizer.ImportState(new OptimizerState(Checkpoint.ReadOptimizerState(folder), saved.OptimizerScalars));
        if (Average?.HasBegun(saved.Step) == true) Average.Restore(Checkpoint.ReadAverage(folder));
        Divergence.SmoothedLoss = saved.SmoothedLoss;
        Clock = new TrainingClock(saved.TrainingSeconds, saved.OptimizerSeconds);
        Step = saved.Step;
    }

    public IEnumerable<KeyValuePair<string, Tensor>> Weights()
        => Model.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value));

    public void Dispose()
    {
        Average?.Dispose();
        Optimizer.Dispose();
        Model.Dispose();
    }
}
