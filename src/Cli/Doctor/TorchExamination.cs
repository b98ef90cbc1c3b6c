using PretrainBench.Core;
using PretrainBench.Models;
using PretrainBench.Torch;
using PretrainBench.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Cli.Doctor;

/// <summary>Loads libtorch and measures the matrix product, the ceiling of training speed.</summary>
internal static class TorchExamination
{
    /// <summary>Version, threads, speed by precision, and devices; or why libtorch cannot be used.</summary>
    public static IEnumerable<Observation> Run()
    {
        try
        {
            TorchLibrary.Load();
            return [.. Examine()];
        }
        catch (UserException e)
        {
            return [new Observation("libtorch", "libtorch", "unusable", "unusable", e.Message)];
        }
    }

    private static IEnumerable<Observation> Examine()
    {
        yield return new Observation("libtorch", "libtorch", __version__, __version__);
        var threads = get_num_threads();
        yield return new Observation("torch_threads", "torch threads", threads, threads.ToString());
        var single = GigaflopsPerSecond(Precision.Fp32);
        yield return Speed("fp32", "matrix product fp32", single);
        var half = GigaflopsPerSecond(Precision.Bf16Linears);
        var hint = half > 1.2 * single ? ", worth using" : ", no gain here";
        yield return Speed("bf16", "matrix product bf16", half) with { Text = $"{half:0} GFLOP/s{hint}" };
        var cuda = torch.cuda_is_available();
        yield return new Observation("cuda", "CUDA", cuda, cuda ? "yes" : "no");
    }

    private static Observation Speed(string precision, string label, double value)
        => new($"gigaflops_{precision}", label, Math.Round(value, 1), $"{value:0} GFLOP/s");

    private static double GigaflopsPerSecond(Precision precision)
        => MachineCeiling.FlopsPerSecond(CPU, precision) / 1e9;
}
