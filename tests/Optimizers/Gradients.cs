using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests;

/// <summary>Puts given gradients into parameters.</summary>
internal static class Gradients
{
    public static void Set(Tensor parameter, Tensor gradient) => parameter.grad = gradient;

    public static void Clear(Tensor parameter) => parameter.grad = null;
}
