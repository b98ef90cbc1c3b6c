using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Loop;

/// <summary>An average of the weights as training holds them after each step, in 32 bits on their device: average +=
/// share · (weights − average). How many are in it follows from the step alone.</summary>
internal sealed class WeightAverage(AveragingConfig config, int totalSteps, Decoder model) : IDisposable
{
    private readonly int _start = config.Start(totalSteps);
    private readonly IReadOnlyList<ModelParameter<Tensor>> _parameters = model.Parameters;
    private readonly List<Tensor> _averages
        = [.. model.Parameters.Select(parameter => zeros_like(parameter.Value).DetachFromDisposeScope())];

    /// <summary>Takes in the weights after a step.</summary>
    /// <param name="step">Steps done, this one included.</param>
    public void Add(int step)
    {
        if (!HasBegun(step)) return;
        using var recording = no_grad();
        var share = config.Share(step - _start);
        foreach (var (parameter, average) in _parameters.Zip(_averages)) average.lerp_(parameter.Value, share);
    }

    /// <summary>Whether there is an average after a step.</summary>
    public bool HasBegun(int step) => step > _start;

    /// <summary>Does something with the averages in the weights' place, and puts the weights back to the last
    /// bit.</summary>
    public T InPlace<T>(Func<T> work)
    {
        Exchange();
        try
        {
            return work();
        }
        finally
        {
            Exchange();
        }
    }

    /// <summary>The averages by the names of the weights.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors()
        => _parameters.Zip(_averages, (parameter, average) => KeyValuePair.Create(parameter.Name, average));

    public void Restore(IReadOnlyDictionary<string, Tensor> saved)
    {
        foreach (var (name, average) in Tensors()) average.copy_(saved[name]);
    }

    public void Dispose() => _averages.ForEach(average => average.Dispose());

    private void Exchange()
    {
        using var recording = no_grad();
        foreach (var (parameter, average) in _parameters.Zip(_averages))
        {
            using var weights = parameter.Value.clone();
            parameter.Value.copy_(average);
            average.copy_(weights);
        }
    }
}
