using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>One parameter as a rule works on it: in float32 (or float64 when the parameter is), whatever the model
/// computes in. A parameter of lower precision has a float32 master copy, which is part of the state, and is rounded
/// after each step.</summary>
public sealed class ParameterSlot : IDisposable
{
    private readonly bool _hasMaster;

    internal ParameterSlot(int index, ModelParameter<Tensor> parameter, RuleState state)
    {
        Index = index;
        Parameter = parameter;
        Shape = parameter.Value.shape;
        ElementCount = parameter.Value.numel();
        _hasMaster = parameter.Value.dtype is not (ScalarType.Float32 or ScalarType.Float64);
        StateType = _hasMaster ? ScalarType.Float32 : parameter.Value.dtype;
        Weight = _hasMaster
            ? state.Add($"{parameter.Name}/master", parameter.Value.detach().to_type(StateType))
            : parameter.Value.detach().DetachFromDisposeScope();
    }

    /// <summary>The position within the rule's parameters.</summary>
    public int Index { get; }

    public ModelParameter<Tensor> Parameter { get; }

    public string Name => Parameter.Name;

    /// <summary>What the parameter does.</summary>
    public ParameterRole Role => Parameter.Role;

    public long[] Shape { get; }

    /// <summary>How many numbers the parameter has; rules are never called for 0.</summary>
    public long ElementCount { get; }

    /// <summary>The type of the weights as the rule sees them, of the gradients that it is given and of its
    /// state.</summary>
    public ScalarType StateType { get; }

    /// <summary>The weights; updated in place.</summary>
    public Tensor Weight { get; }

    /// <summary>The gradient in <see cref="StateType"/>; null when the parameter took no part in the loss. The caller's
    /// scope owns it.</summary>
    public Tensor? Gradient()
    {
        var gradient = Parameter.Value.grad;
        return gradient is null || gradient.dtype == StateType ? gradient : gradient.to_type(StateType);
    }

    /// <summary>Rounds the master copy into the parameter; nothing to do when the rule works on the parameter
    /// itself.</summary>
    public void Commit()
    {
        if (_hasMaster) Parameter.Value.copy_(Weight);
    }

    public void Dispose()
    {
        if (!_hasMaster) Weight.Dispose();
    }
}
