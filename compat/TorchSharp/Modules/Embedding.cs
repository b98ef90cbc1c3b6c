using TorchSharp.Native;

namespace TorchSharp.Modules;

public sealed class Embedding : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly long _paddingIndex;
    private readonly bool _scaleGradByFrequency;
    private readonly bool _sparse;
    private Parameter? _weight;

    internal Embedding(long count, long width, long? paddingIndex, bool scaleGradByFrequency, bool sparse, torch.Device? device, torch.ScalarType? dtype)
        : base(nameof(Embedding))
    {
        _paddingIndex = paddingIndex ?? -1;
        _scaleGradByFrequency = scaleGradByFrequency;
        _sparse = sparse;
        _weight = new Parameter(torch.nn.init.normal_(torch.empty(count, width, dtype, device)));
        register_parameter("weight", _weight);
    }

    public Parameter? weight
    {
        get => _weight;
        set => _weight = Reregister("weight", _weight, value);
    }

    public override torch.Tensor forward(torch.Tensor input) =>
        Operator.Call("embedding", _weight, input, _paddingIndex, _scaleGradByFrequency, _sparse);
}
