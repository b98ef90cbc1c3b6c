using System.Globalization;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Core.Files;
using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>The optimizer of a training loop of one's own: rules by role, the schedule, the count of steps, and all of
/// it in a file. For the parameters of any module, see <see cref="ModelParameters"/>.</summary>
public sealed class ScheduledOptimizer : IDisposable
{
    private const string StepsKey = "steps_taken";

    private readonly ScheduleConfig _schedule;
    private readonly long _totalSteps;

    /// <summary>Prepares the rules' state.</summary>
    /// <param name="totalSteps">The length of the training, by which the schedule runs.</param>
    /// <param name="schedule">Half a cosine after a warm-up of 5 % when null.</param>
    /// <param name="seed">For rules that draw random numbers.</param>
    /// <exception cref="UserException">A setting is impossible.</exception>
    public ScheduledOptimizer(IReadOnlyList<ModelParameter<Tensor>> parameters, OptimizerConfig config, long totalSteps,
        ScheduleConfig? schedule = null, ulong seed = 0)
    {
        (_schedule, _totalSteps) = (schedule ?? new ScheduleConfig(), totalSteps);
        config.Options.ThrowIfInvalid("the optimizer", _schedule);
        Rules = config.Create(parameters, seed);
    }

    /// <summary>The rules, for what only some of them want: own initial weights (Scion), another point for evaluation
    /// (Schedule-Free), gradients on sampled labels (Sophia-G).</summary>
    public CompositeOptimizer Rules { get; }

    public long StepsTaken { get; private set; }

    /// <summary>What the rules are told about the step that comes next.</summary>
    public OptimizerStep NextStep => new(StepsTaken, _schedule.Factor(StepsTaken, _totalSteps));

    /// <summary>Takes a step from the gradients in the parameters' <c>grad</c>.</summary>
    public void Step()
    {
        using var pause = CollectionPause.Begin();
        Rules.Step(NextStep);
        StepsTaken++;
    }

    /// <summary>Drops the gradients: the next backward pass writes them anew.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Rules.Parameters) parameter.Value.grad = null;
    }

    /// <summary>Writes the state and the count of steps as safetensors; the module's weights are its own to
    /// save.</summary>
    /// <exception cref="UserException">The file cannot be written; what was there before is unchanged.</exception>
    public void Save(string path)
    {
        var state = Rules.ExportState();
        var numbers = state.Scalars.Append(KeyValuePair.Create(StepsKey, (double)StepsTaken))
            .ToDictionary(number => number.Key, number => number.Value.ToString("R", CultureInfo.InvariantCulture));
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, state.Tensors, numbers));
    }

    /// <summary>Goes back to a saved state; load the module's weights as well.</summary>
    /// <exception cref="UserException">The file is damaged, or was written under another configuration.</exception>
    public void Load(string path)
    {
        using var scope = NewDisposeScope();
        using var stream = File.OpenRead(path);
        try
        {
            var scalars = SafetensorsFile.ReadHeader(stream).Metadata.ToDictionary(
                number => number.Key, number => double.Parse(number.Value, CultureInfo.InvariantCulture));
            if (!scalars.Remove(StepsKey, out var steps)) throw new InvalidDataException($"`{StepsKey}` is missing");
            stream.Position = 0;
            Rules.ImportState(new OptimizerState(SafetensorsFile.Read(stream), scalars));
            StepsTaken = (long)steps;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new UserException($"{path}: is not what `Save` wrote: {e.Message}", inner: e);
        }
    }

    public void Dispose() => Rules.Dispose();
}
