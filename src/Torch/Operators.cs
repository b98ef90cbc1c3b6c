using System.Collections.Concurrent;
using System.Globalization;
using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Operators of libtorch that TorchSharp does not bind, called through TorchScript: the same on every device,
/// gradients included. A source that does not compile ends the process, so that a test calls every function.</summary>
public static class Operators
{
    // Compiled at first use, after libtorch has been prepared; never freed, as the program's own code. The number
    // stands in the source: handed over as an argument it could be freed in use (see CollectionPause).
    private static readonly ConcurrentDictionary<double, Lazy<jit.CompilationUnit>> RmsNorms = new();

    /// <summary>
    /// gain · x / sqrt(mean(x²) + ε) over the last dimension (RMSNorm, arXiv 1910.07467); shape as x.
    /// </summary>
    /// <param name="x">[…, width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="epsilon">ε.</param>
    public static Tensor RmsNorm(Tensor x, Tensor gain, double epsilon)
        => RmsNorms.GetOrAdd(epsilon, static value => new(() => CompileRmsNorm(value))).Value
            .invoke<Tensor>("rms_norm", x, gain);

    private static jit.CompilationUnit CompileRmsNorm(double epsilon) => jit.compile(string.Create(
        CultureInfo.InvariantCulture, $"""
        def rms_norm(x, gain):
            return torch.rms_norm(x, [x.size(-1)], gain, {epsilon:E17})

        """));
}
