using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>The named tensors and numbers of one rule. Tensors are created once, when the rule is built, and changed in
/// place from then on, so that saving, restoring and counting bytes need nothing from the rule. Parameters that are
/// updated together have names of their own for their parts, so that the state does not depend on that.</summary>
public sealed class RuleState : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly Dictionary<string, StateScalar> _scalars = [];

    // What the parts among the tensors are parts of.
    private readonly List<Tensor> _wholes = [];

    public long Bytes => _tensors.Values.Sum(tensor => tensor.numel() * tensor.element_size());

    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>The numbers by name.</summary>
    public IReadOnlyDictionary<string, StateScalar> Scalars => _scalars;

    /// <summary>Takes over a tensor and keeps it beyond the current dispose scope.</summary>
    /// <param name="name">A name that no parameter's quantity has.</param>
    /// <param name="value">The initial value; owned from now on.</param>
    public Tensor Add(string name, Tensor value)
    {
        _tensors.Add(name, value.DetachFromDisposeScope());
        return value;
    }

    /// <summary>Takes over a tensor of one slot, shaped as its weights or with its stack's size in front.</summary>
    /// <param name="quantity">The quantity's name, such as <c>momentum</c>.</param>
    /// <param name="value">The initial value; owned from now on.</param>
    public Tensor Add(ParameterSlot slot, string quantity, Tensor value)
    {
        _wholes.Add(value.DetachFromDisposeScope());
        foreach (var (member, part) in slot.Parts(value)) Add($"{member.Name}/{quantity}", part);
        return value;
    }

    /// <summary>Adds zeros in a slot's shape, state type and device.</summary>
    public Tensor Zeros(ParameterSlot slot, string quantity) => Zeros(slot, quantity, slot.Shape);

    /// <summary>Adds zeros of a given shape, with the stack's size in front, in a slot's state type and
    /// device.</summary>
    public Tensor Zeros(ParameterSlot slot, string quantity, long[] shape)
        => Add(slot, quantity, zeros(slot.IsStack ? [slot.StackSize, .. shape] : shape, dtype: slot.StateType,
            device: slot.Weight.device));

    /// <summary>Adds an identity matrix, or a stack of them, in a slot's state type and device.</summary>
    /// <param name="size">Rows and columns.</param>
    public Tensor Identity(ParameterSlot slot, string quantity, long size)
    {
        var identity_DD = Zeros(slot, quantity, [size, size]);
        using var diagonal = identity_DD.diagonal(0, -2, -1);
        diagonal.fill_(1);
        return identity_DD;
    }

    /// <summary>Adds a number of one slot; its parameters share it under their names.</summary>
    /// <param name="quantity">The quantity's name, such as <c>step</c>.</param>
    public StateScalar Scalar(ParameterSlot slot, string quantity, double value = 0)
    {
        var scalar = new StateScalar(value);
        foreach (var member in slot.Members) _scalars.Add($"{member.Name}/{quantity}", scalar);
        return scalar;
    }

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
        foreach (var shared in _scalars.GroupBy(entry => entry.Value, entry => prefix + entry.Key))
        {
            var values = shared.Select(name => saved.Scalars.TryGetValue(name, out var value)
                ? value
                : throw Misfit(name, "is missing")).Distinct().ToList();
            if (values.Count > 1)
                throw Misfit(shared.First(), $"is {values[0]:R}, and {values[1]:R} for another parameter that is "
                    + "updated together with it (`bundled`)");
            shared.Key.Value = values[0];
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values.Concat(_wholes)) tensor.Dispose();
        _tensors.Clear();
        _wholes.Clear();
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
