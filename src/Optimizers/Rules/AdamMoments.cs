using PretrainBench.Torch;
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

    /// <summary>Takes the gradient in and moves the weights.</summary>
    /// <param name="weight">The weights; changed in place.</param>
    /// <param name="settings">Decay factors, ε and where it stands.</param>
    /// <param name="shape">What to make of the first moment before it is divided; null for Adam's own step.</param>
    /// <param name="shrinkage">The fraction by which weights shrink first; 0 where the caller does it.</param>
    public void Apply(Tensor weight, Tensor gradient, double learningRate,
        (double Beta1, double Beta2, double Epsilon, EpsilonPlacement Placement) settings,
        Func<Tensor, Tensor>? shape = null, double shrinkage = 0)
    {
        _step.Value++;
        var root2 = Math.Sqrt(1 - Math.Pow(settings.Beta2, _step.Value));
        // √(v/c₂) + ε = (√v + ε√c₂)/√c₂: the correction moves into two scalars.
        var factors = new AdamFactors(settings.Beta1, settings.Beta2,
            settings.Placement == EpsilonPlacement.Corrected ? settings.Epsilon * root2 : settings.Epsilon,
            -learningRate * root2 / (1 - Math.Pow(settings.Beta1, _step.Value)), 1 - shrinkage);
        if (shape is not null)
            Apply(weight, gradient, factors, shape);
        else if (_largest is null && CpuNumbers.Serve(weight, gradient, _first, _second))
            AdamKernel.Apply(weight, gradient, _first, _second, factors);
        else
            Operators.FusedAdam((weight, _first, _second, _largest), gradient, _step.Value,
                (learningRate, settings.Beta1, settings.Beta2, factors.Epsilon / root2,
                    learningRate == 0 ? 0 : shrinkage / learningRate));
    }

    private void Apply(Tensor weight, Tensor gradient, AdamFactors factors, Func<Tensor, Tensor> shape)
    {
        _first.mul_(factors.Beta1).add_(gradient, 1 - factors.Beta1);
        _second.mul_(factors.Beta2).addcmul_(gradient, gradient, 1 - factors.Beta2);
        using var denominator = _second.sqrt();
        denominator.add_(factors.Epsilon);
        if (factors.Keep != 1) weight.mul_(factors.Keep);
        weight.addcdiv_(shape(_first), denominator, factors.Rate);
    }
}
