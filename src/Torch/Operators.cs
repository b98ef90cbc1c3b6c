using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Operators of libtorch that TorchSharp does not bind, called through TorchScript: the same on every device,
/// gradients included. A source that does not compile ends the process, so that a test calls every function.</summary>
public static class Operators
{
    private const string Source = """
        def rms_norm(x, gain, epsilon: float):
            return torch.rms_norm(x, [x.size(-1)], gain, epsilon)

        """;

    // Compiled at first use, after libtorch has been prepared; never freed, as the program's own code.
    private static readonly Lazy<jit.CompilationUnit> Compiled = new(() => jit.compile(Source));

    /// <summary>gain · x / sqrt(mean(x²) + ε) over the last dimension (RMSNorm, arXiv 1910.07467); shape as
    /// x.</summary>
    /// <param name="x">[…, width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="epsilon">ε.</param>
    public static Tensor RmsNorm(Tensor x, Tensor gain, double epsilon)
        => Compiled.Value.invoke<Tensor>("rms_norm", x, gain, epsilon);
}
