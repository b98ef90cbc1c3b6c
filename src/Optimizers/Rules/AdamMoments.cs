using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Adam's two moments of one parameter, shared by every rule that has an Adam part.</summary>
internal sealed class AdamMoments
{
    private readonly Tensor _first;
    private readonly Tensor _second;
    private readonly Tensor? _largest;
    private readonly StateScalar _step;

    public AdamMoments(RuleState state, ParameterSlot slot, bool amsgrad = false)
    {
        _first = state.Zeros(slot, "first_moment");
        _second = state.Zeros(slot, "second_moment");
        _largest = amsgrad ? state.Zeros(slot, "largest_second_moment") : null;
        _step = state.Scalar(slot, "step");
    }

    /// <summary>Takes the gradient in and moves the weights; weight decay is the caller's.</summary>
    /// <param name="weight">The weights; changed in place.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="learningRate">The scheduled learning rate.</param>
    /// <param name="settings">Decay factors, ε and where it stands.</param>
    /// <param name="shape">What to make of the first moment before it is divided; null for Adam's own step.</param>
    public void Apply(Tensor weight, Tensor gradient, double learningRate,
        (double Beta1, double Beta2, double Epsilon, EpsilonPlacement Placement) settings, Func<Tensor, Tensor>? shape = null)
    {
        var (beta1, beta2, epsilon, placement) = settings;
        _step.Value++;
        _first.mul_(beta1).add_(gradient, 1 - beta1);
        _second.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        if (_largest is not null) maximum_(_largest, _second);
        var correction1 = 1 - Math.Pow(beta1, _step.Value);
        var root2 = Math.Sqrt(1 - Math.Pow(beta2, _step.Value));
        // √(v/c₂) + ε = (√v + ε√c₂)/√c₂: the correction moves into two scalars.
        var denominator = (_largest ?? _second).sqrt().add_(placement == EpsilonPlacement.Corrected ? epsilon * root2 : epsilon);
        weight.addcdiv_(shape is null ? _first : shape(_first), denominator, -learningRate * root2 / correction1);
    }

    private static void maximum_(Tensor target, Tensor other)
    {
        using var larger = target.maximum(other);
        target.copy_(larger);
    }
}
