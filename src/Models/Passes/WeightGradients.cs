using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary>Adds to the parameters' <c>grad</c>, as a backward pass of autograd does.</summary>
internal static class WeightGradients
{
    /// <summary>A parameter's gradient to add to; zeros at first. The caller's scope owns the handle.</summary>
    public static Tensor Of(Parameter parameter)
    {
        if (parameter.grad is { } present) return present;
        var zero = zeros_like(parameter).detach();
        parameter.grad = zero;
        return zero;
    }

    /// <summary>Adds the gradient of a product y = x Wᵀ with respect to W: dyᵀ x.</summary>
    /// <param name="weights">The parameters that lie below each other in W.</param>
    public static void AddProduct(ReadOnlySpan<Parameter> weights, Tensor gradient_NO, Tensor input_NI)
    {
        var gradient_OI = gradient_NO.t().mm(input_NI);
        long row = 0;
        foreach (var weight in weights)
        {
            Add(weight, gradient_OI.narrow(0, row, weight.shape[0]));
            row += weight.shape[0];
        }
    }

    /// <summary>Adds a gradient that is at hand; it may become the parameter's own.</summary>
    public static void Add(Parameter parameter, Tensor gradient)
    {
        if (parameter.grad is { } present) present.add_(gradient);
        else parameter.grad = gradient;
    }
}
