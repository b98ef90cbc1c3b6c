using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>One parameter, or several together (<see cref="Bundling"/>), as a rule works on them: in float32 (or
/// float64 when the parameter is), whatever the model computes in. A parameter of lower precision has a float32 master
/// copy, which is part of the state, and is rounded after each step.</summary>
public sealed class ParameterSlot : IDisposable
{
    private readonly IReadOnlyList<ModelParameter<Tensor>> _members;
    private readonly Bundling _bundling;
    private readonly bool _hasMaster;

    internal ParameterSlot(int index, IReadOnlyList<ModelParameter<Tensor>> members, Bundling bundling, RuleState state)
    {
        using var noGradient = no_grad();
        (Index, _members, _bundling) = (index, members, bundling);
        ElementCount = members.Sum(member => member.Value.numel());
        Shape = bundling == Bundling.Elementwise ? [ElementCount] : Parameter.Value.shape;
        _hasMaster = Parameter.Value.dtype is not (ScalarType.Float32 or ScalarType.Float64);
        StateType = _hasMaster ? ScalarType.Float32 : Parameter.Value.dtype;
        using var scope = NewDisposeScope();
        var values = Together([.. members.Select(member => member.Value.detach())]);
        Weight = _hasMaster ? state.Add(this, "master", values.to_type(StateType)) : values.DetachFromDisposeScope();
        // From here on the parameters are views of the bundle.
        if (!_hasMaster && bundling != Bundling.None)
            foreach (var (member, part) in Parts(Weight)) member.Value.set_(part);
    }

    /// <summary>The position within the rule's slots.</summary>
    public int Index { get; }

    /// <summary>The parameter; of several the first, whose role and row blocks they share.</summary>
    public ModelParameter<Tensor> Parameter => _members[0];

    public string Name => _members.Count == 1 ? Parameter.Name : $"{Parameter.Name} to {_members[^1].Name}";

    /// <summary>What the parameter does.</summary>
    public ParameterRole Role => Parameter.Role;

    /// <summary>The parameter's shape; that of each matrix in a stack; all numbers of a vector of several.</summary>
    public long[] Shape { get; }

    /// <summary>How many matrices are stacked in front of <see cref="Shape"/>; 1 without a stack.</summary>
    public int StackSize => IsStack ? _members.Count : 1;

    /// <summary>How many numbers the slot has; rules are never called for 0.</summary>
    public long ElementCount { get; }

    /// <summary>The type of the weights as the rule sees them, of the gradients that it is given and of its
    /// state.</summary>
    public ScalarType StateType { get; }

    /// <summary>The weights, in <see cref="Shape"/> or [<see cref="StackSize"/>, <see cref="Shape"/>]; updated in
    /// place.</summary>
    public Tensor Weight { get; }

    internal IReadOnlyList<ModelParameter<Tensor>> Members => _members;

    internal bool IsStack => _bundling == Bundling.SameShape;

    /// <summary>The gradient, shaped as <see cref="Weight"/> and in <see cref="StateType"/>; null when the parameter
    /// took no part in the loss. The caller's scope owns it.</summary>
    /// <exception cref="UserException">Of several parameters some took part and others did not.</exception>
    public Tensor? Gradient()
    {
        Tensor[] gradients = [.. _members.Select(member => member.Value.grad).OfType<Tensor>()];
        if (gradients.Length == 0) return null;
        if (gradients.Length < _members.Count)
            throw new UserException($"{_members.Count - gradients.Length} of the parameters {Name}, which are updated "
                + "together, have no gradient; set `bundled: false` for their optimizer");
        var gradient = Together(gradients);
        return gradient.dtype == StateType ? gradient : gradient.to_type(StateType);
    }

    /// <summary>Rounds the master copy into the parameter; nothing to do when the rule works on the parameter
    /// itself.</summary>
    public void Commit()
    {
        if (!_hasMaster) return;
        using var scope = NewDisposeScope();
        foreach (var (member, part) in Parts(Weight)) member.Value.copy_(part);
    }

    public void Dispose()
    {
        if (!_hasMaster) Weight.Dispose();
    }

    /// <summary>What belongs to each parameter of a tensor that is shaped as <see cref="Weight"/>, or of a stack of
    /// other matrices: views.</summary>
    internal IEnumerable<(ModelParameter<Tensor> Member, Tensor Part)> Parts(Tensor whole)
    {
        if (_bundling == Bundling.None)
        {
            yield return (Parameter, whole);
            yield break;
        }
        var start = 0L;
        foreach (var (position, member) in _members.Index())
        {
            var count = member.Value.numel();
            yield return (member,
                IsStack ? whole.select(0, position) : whole.narrow(0, start, count).view(member.Value.shape));
            start += count;
        }
    }

    private Tensor Together(IReadOnlyList<Tensor> values) => _bundling switch
    {
        Bundling.Elementwise => cat([.. values.Select(value => value.reshape(-1))], 0),
        Bundling.SameShape => stack(values, 0),
        _ => values[0],
    };
}
