using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>PyTorch's momentum buffer of one parameter, shared by gradient descent and its sign.</summary>
internal sealed class MomentumBuffer
{
    private readonly Tensor _buffer;
    private readonly StateScalar? _started;

    /// <param name="state">Where the buffer is kept.</param>
    /// <param name="firstUndamped">Whether the first gradient enters whole, whatever the dampening.</param>
    public MomentumBuffer(RuleState state, ParameterSlot slot, bool firstUndamped)
    {
        _buffer = state.Zeros(slot, "momentum");
        _started = firstUndamped ? state.Scalar(slot, "started") : null;
    }

    /// <summary>Takes the gradient in and gives the direction; not to be changed.</summary>
    public Tensor Apply(Tensor gradient, double momentum, double dampening, bool nesterov)
    {
        var weight = _started is { Value: 0 } ? 1 : 1 - dampening;
        if (_started is not null) _started.Value = 1;
        _buffer.mul_(momentum).add_(gradient, weight);
        return nesterov ? gradient.add(_buffer, momentum) : _buffer;
    }
}
