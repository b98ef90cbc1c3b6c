namespace PretrainBench.Models;

/// <summary>
/// Initial values. Every parameter draws from a generator of its own, seeded by the run's seed and the parameter's name,
/// so that the order of construction, the device and a changed neighbour never change it.
/// </summary>
internal sealed class ParameterInitialization(ulong seed, Device device, ScalarType dtype)
{
    /// <summary>Gains of norms start at one.</summary>
    public Tensor Gain(int width) => ones(new long[] { width }, dtype: dtype, device: device).requires_grad_();

    /// <summary>A normal matrix [rows, columns], drawn on the CPU in 32 bits whatever the device and type.</summary>
    public Tensor Normal(string name, int rows, int columns, double deviation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(SeedSequence.Derive(seed, $"init:{name}"), CPU);
        var drawn = empty(new long[] { rows, columns }, dtype: ScalarType.Float32).normal_(0, deviation, generator);
        return scope.MoveToOuter(drawn.to(dtype, device).requires_grad_());
    }

    /// <summary>
    /// The deviation of the head (and of a tied embedding). Deviation: OLMo 2 uses 0.02 everywhere; beyond width 625 the
    /// initial logits would then vary by more than 0.5 and the initial loss lie above ln(vocabulary), so that the head
    /// narrows with the square root of the width from there.
    /// </summary>
    public static double HeadDeviation(ModelShape shape) => Math.Min(shape.InitDeviation, 0.5 / Math.Sqrt(shape.Width));
}
