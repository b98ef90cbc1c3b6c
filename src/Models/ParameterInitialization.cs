using TorchSharp.Modules;

namespace PretrainBench.Models;

/// <summary>Initial values. Every parameter draws from a generator of its own, seeded by the run's seed and the
/// parameter's name, so that the order of construction, the device and a changed neighbour never change it.</summary>
internal sealed class ParameterInitialization(ModelShape shape, ulong seed, Device device, ScalarType dtype,
    CancellationToken stop)
{
    /// <summary>A hidden matrix [rows, columns].</summary>
    public Parameter Matrix(string name, int rows, int columns) => Normal(name, rows, columns, shape.InitDeviation);

    /// <summary>The token embedding [vocabulary, width].</summary>
    public Parameter Embedding(string name) => Normal(name, shape.VocabularySize, shape.Width,
        shape.TiedEmbeddings ? HeadDeviation(shape) : shape.EmbeddingDeviation);

    /// <summary>The output projection [vocabulary, width].</summary>
    public Parameter Head(string name) => Normal(name, shape.VocabularySize, shape.Width, HeadDeviation(shape));

    /// <summary>The gain of a norm [width], ones.</summary>
    public Parameter Gain(int width) => Kept(ones(new long[] { width }));

    /// <summary>The deviation of the head (and of a tied embedding). Deviation: OLMo 2 uses 0.02 everywhere; beyond
    /// width 625 the initial logits would then vary by more than 0.5 and the initial loss lie above ln(vocabulary), so
    /// that the head narrows with the square root of the width from there.</summary>
    public static double HeadDeviation(ModelShape shape) => Math.Min(shape.InitDeviation, 0.5 / Math.Sqrt(shape.Width));

    // A normal matrix, drawn on the CPU in 32 bits whatever the device and type.
    private Parameter Normal(string name, int rows, int columns, double deviation)
    {
        stop.ThrowIfCancellationRequested();
        using var generator = new Generator(SeedSequence.Derive(seed, $"init:{name}"), CPU);
        return Kept(empty(new long[] { rows, columns }, dtype: ScalarType.Float32).normal_(0, deviation, generator));
    }

    // Parameters live as long as their module, whatever scope it was built in.
    private Parameter Kept(Tensor value)
    {
        using var scope = NewDisposeScope();
        scope.Attach(value);
        var parameter = new Parameter(value.to(dtype, device, copy: true));
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
