namespace TorchSharp.Modules;

/// <summary>A tensor that a module trains. It takes the native reference of its data, which becomes invalid.</summary>
public class Parameter : torch.Tensor
{
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : this(data, data.OwningScope, requires_grad)
    {
    }

    private Parameter(torch.Tensor data, DisposeScope? scope, bool requires_grad)
        : base(Taken(data), track: false)
    {
        scope?.Add(this);
        requires_grad_(requires_grad);
    }

    private static nint Taken(torch.Tensor data)
    {
        data.OwningScope?.Remove(data);
        return data.GiveUpHandle();
    }
}
