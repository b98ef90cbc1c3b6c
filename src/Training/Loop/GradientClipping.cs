namespace PretrainBench.Training.Loop;

/// <summary>Global norm of all gradients, and scaling down to a bound.</summary>
internal static class GradientClipping
{
    // As in other frameworks, so that a norm of 0 divides nothing by 0.
    private const double Epsilon = 1e-6;

    /// <summary>Scales all gradients by min(1, bound / norm) and returns the norm before, a scalar tensor: it stays on
    /// the device, so that the processor need not wait for it.</summary>
    /// <param name="gradients">The gradients; changed in place.</param>
    /// <param name="bound">The largest norm; 0 to leave the gradients alone.</param>
    public static Tensor Apply(IReadOnlyList<Tensor> gradients, double bound)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var norms = gradients.Select(gradient => linalg.vector_norm(gradient)).ToList();
        var norm = linalg.vector_norm(stack(norms));
        if (bound > 0)
        {
            var factor = (bound / (norm + Epsilon)).clamp_(max: 1);
            // Multiplying by one changes nothing; skipping it where the norm is at hand saves a pass over all
            // gradients.
            if (norm.is_cuda || factor.ToDouble() < 1)
                foreach (var gradient in gradients) gradient.mul_(factor);
        }
        return scope.MoveToOuter(norm);
    }
}
