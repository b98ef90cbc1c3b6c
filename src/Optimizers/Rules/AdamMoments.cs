using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Adam's two moments of one parameter, shared by every rule that has an Adam part.</summary>
internal sealed class AdamMoments
{
    /// <summary>
    /// Large parameters go through all operations piece by piece, so that a piece's five arrays stay in the second-level
    /// cache (256 KB each; two threads share a piece).
    /// </summary>
    private const long ChunkElements = 1 << 16;

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
    /// <param name="gradient">The gradient.</param>
    /// <param name="learningRate">The scheduled learning rate.</param>
    /// <param name="settings">Decay factors, ε and where it stands.</param>
    /// <param name="shape">What to make of the first moment before it is divided; null for Adam's own step.</param>
    /// <param name="shrinkage">The fraction by which weights shrink first; 0 where the caller does it.</param>
    public void Apply(Tensor weight, Tensor gradient, double learningRate,
        (double Beta1, double Beta2, double Epsilon, EpsilonPlacement Placement) settings, Func<Tensor, Tensor>? shape = null, double shrinkage = 0)
    {
        _step.Value++;
        var root2 = Math.Sqrt(1 - Math.Pow(settings.Beta2, _step.Value));
        // √(v/c₂) + ε = (√v + ε√c₂)/√c₂: the correction moves into two scalars.
        var factors = new Factors(settings.Beta1, settings.Beta2,
            settings.Placement == EpsilonPlacement.Corrected ? settings.Epsilon * root2 : settings.Epsilon,
            -learningRate * root2 / (1 - Math.Pow(settings.Beta1, _step.Value)), 1 - shrinkage);
        if (shape is null && weight.numel() > ChunkElements && weight.is_cpu() && weight.is_contiguous())
            ApplyInChunks(weight.view(-1), gradient.reshape(-1), factors);
        else
            Apply((weight, gradient, _first, _second, _largest), factors, shape);
    }

    private void ApplyInChunks(Tensor weight, Tensor gradient, Factors factors)
    {
        var (first, second, largest) = (_first.view(-1), _second.view(-1), _largest?.view(-1));
        for (long start = 0; start < weight.numel(); start += ChunkElements)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(ChunkElements, weight.numel() - start);
            Tensor Part(Tensor tensor) => tensor.narrow(0, start, count);
            Apply((Part(weight), Part(gradient), Part(first), Part(second), largest is null ? null : Part(largest)), factors, shape: null);
        }
    }

    private static void Apply((Tensor Weight, Tensor Gradient, Tensor First, Tensor Second, Tensor? Largest) of, Factors factors, Func<Tensor, Tensor>? shape)
    {
        of.First.mul_(factors.Beta1).add_(of.Gradient, 1 - factors.Beta1);
        of.Second.mul_(factors.Beta2).addcmul_(of.Gradient, of.Gradient, 1 - factors.Beta2);
        if (of.Largest is not null) maximum_(of.Largest, of.Second);
        using var denominator = (of.Largest ?? of.Second).sqrt();
        denominator.add_(factors.Epsilon);
        if (factors.Keep != 1) of.Weight.mul_(factors.Keep);
        of.Weight.addcdiv_(shape is null ? of.First : shape(of.First), denominator, factors.Rate);
    }

    private static void maximum_(Tensor target, Tensor other)
    {
        using var larger = target.maximum(other);
        target.copy_(larger);
    }

    /// <summary>One step's numbers: Keep is what is left of the weights, Rate multiplies m/(√v + ε).</summary>
    private readonly record struct Factors(double Beta1, double Beta2, double Epsilon, double Rate, double Keep);
}
