using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>The named tensors and numbers of one rule. Tensors are created once, when the rule is built, and changed in
/// place from then on, so that saving, restoring and counting bytes need nothing from the rule.</summary>
public sealed class RuleState : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly Dictionary<string, StateScalar> _scalars = [];

    public long Bytes => _tensors.Values.Sum(tensor => tensor.numel() * tensor.element_size());

    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>The numbers by name.</summary>
    public IReadOnlyDictionary<string, StateScalar> Scalars => _scalars;

    /// <summary>Takes over a tensor and keeps it beyond the current dispose scope.</summary>
    /// <param name="name">Parameter and quantity, such as <c>blocks.0.query/momentum</c>.</param>
    /// <param name="value">The initial value; owned from now on.</param>
    public Tensor Add(string name, Tensor value)
    {
        _tensors.Add(name, value.DetachFromDisposeScope());
        return value;
    }

    /// <summary>Adds zeros in a parameter's shape, state type and device.</summary>
    /// <param name="quantity">The quantity's name, such as <c>momentum</c>.</param>
    public Tensor Zeros(ParameterSlot slot, string quantity) => Zeros(slot, quantity, slot.Shape);

    /// <summary>Adds zeros of a given shape in a parameter's state type and device.</summary>
    public Tensor Zeros(ParameterSlot slot, string quantity, long[] shape)
        => Add($"{slot.Name}/{quantity}", zeros(shape, dtype: slot.StateType, device: slot.Weight.device));

    /// <summary>Adds an identity matrix in a parameter's state type and device.</summary>
    /// <param name="size">Rows and columns.</param>
    public Tensor Identity(ParameterSlot slot, string quantity, long size)
        => Add($"{slot.Name}/{quantity}", eye(size, dtype: slot.StateType, device: slot.Weight.device));

    /// <summary>Adds a number of one parameter.</summary>
    /// <param name="quantity">The quantity's name, such as <c>step</c>.</param>
    public StateScalar Scalar(ParameterSlot slot, string quantity, double value = 0)
        => Scalar($"{slot.Name}/{quantity}", value);

    public StateScalar Scalar(string name, double value = 0)
    {
        var scalar = new StateScalar(value);
        _scalars.Add(name, scalar);
        return scalar;
    }

    /// <summary>Copies saved values into the state.</summary>
    /// <param name="saved">What was exported; may hold other rules' state too.</param>
    /// <param name="prefix">What names of this rule carry in front when exported.</param>
    /// <exception cref="UserException">Something is missing or has another shape.</exception>
    public void Import(OptimizerState saved, string prefix)
    {
        foreach (var (name, tensor) in _tensors)
        {
            var full = prefix + name;
            if (!saved.Tensors.TryGetValue(full, out var source))
                throw Misfit(full, "is missing");
            if (!source.shape.SequenceEqual(tensor.shape))
                throw Misfit(full,
                    $"has shape [{string.Join(", ", source.shape)}] instead of [{string.Join(", ", tensor.shape)}]");
            tensor.copy_(source);
        }
        foreach (var (name, scalar) in _scalars)
            scalar.Value = saved.Scalars.TryGetValue(prefix + name, out var value)
                ? value
                : throw Misfit(prefix + name, "is missing");
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
        _tensors.Clear();
    }

    private static UserException Misfit(string name, string problem)
        => new($"the saved optimizer state does not fit this configuration: `{name}` {problem}; "
            + "resume with the configuration that wrote it");
}

/// <summary>A single number of a rule's state, such as a step counter; saved and restored by name.</summary>
public sealed class StateScalar
{
    internal StateScalar(double value) => Value = value;

    public double Value { get; set; }

    /// <summary>Adds to the value; parameters that are updated at the same time may count in one number.</summary>
    /// <param name="amount">What to add.</param>
    public void Add(double amount)
    {
        lock (this) Value += amount;
    }
}
