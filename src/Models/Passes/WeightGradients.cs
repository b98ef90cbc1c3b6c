using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary>Gradients that a pass has found, by parameter; they reach the parameters' <c>grad</c> when all are known,
/// so that passes on several threads do not meet there.</summary>
internal sealed class WeightGradients
{
    private readonly Dictionary<Parameter, Tensor> _gradients = new(ReferenceEqualityComparer.Instance);

    /// <summary>A parameter's gradient to add to; zeros at first.</summary>
    public Tensor Of(Parameter parameter)
    {
        if (!_gradients.TryGetValue(parameter, out var gradient))
            _gradients[parameter] = gradient = zeros_like(parameter).DetachFromDisposeScope();
        return gradient;
    }

    /// <summary>Adds the gradient of a product y = x Wᵀ with respect to W: dyᵀ x.</summary>
    /// <param name="weights">The parameters that lie below each other in W.</param>
    public void AddProduct(ReadOnlySpan<Parameter> weights, Tensor gradient_NO, Tensor input_NI)
    {
        var gradient_OI = gradient_NO.t().mm(input_NI);
        long row = 0;
        foreach (var weight in weights)
        {
            var count = weight.size(0);
            Add(weight, gradient_OI.narrow(0, row, count));
            row += count;
        }
    }

    /// <summary>Adds a gradient that is at hand; it may become the parameter's own.</summary>
    public void Add(Parameter parameter, Tensor gradient)
    {
        if (_gradients.TryGetValue(parameter, out var present)) present.add_(gradient);
        else _gradients[parameter] = gradient.DetachFromDisposeScope();
    }

    /// <summary>Adds everything to the parameters' <c>grad</c>, as a backward pass of autograd does.</summary>
    public void Commit()
    {
        foreach (var (parameter, gradient) in _gradients)
        {
            using var own = gradient;
            if (parameter.grad is not { } present) parameter.grad = own;
            else
                using (present) present.add_(own);
        }
        _gradients.Clear();
    }
}
