namespace TorchSharp.Modules;

public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private Parameter _weight;
    private Parameter? _bias;

    internal Linear(long inputSize, long outputSize, bool hasBias, torch.Device? device, torch.ScalarType? dtype)
        : base(nameof(Linear))
    {
        in_features = inputSize;
        out_features = outputSize;
        var bound = 1 / Math.Sqrt(inputSize);
        _weight = new Parameter(torch.nn.init.uniform_(torch.empty(outputSize, inputSize, dtype, device), -bound, bound));
        register_parameter("weight", _weight);
        if (!hasBias)
            return;
        _bias = new Parameter(torch.nn.init.uniform_(torch.empty(outputSize, dtype, device), -bound, bound));
        register_parameter("bias", _bias);
    }

    public long in_features { get; set; }

    public long out_features { get; set; }

    public Parameter weight
    {
        get => _weight;
        set => _weight = Reregister("weight", _weight, value)!;
    }

    public Parameter? bias
    {
        get => _bias;
        set => _bias = Reregister("bias", _bias, value);
    }

    public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.linear(tensor, _weight, _bias);
}
