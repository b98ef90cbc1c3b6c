using System.Diagnostics;
using PretrainBench.Core;
using PretrainBench.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Cli.Doctor;

/// <summary>Loads libtorch and measures the matrix product, the ceiling of training speed.</summary>
internal static class TorchExamination
{
    private const int MatrixSize = 1024;
    private static readonly TimeSpan MeasuringTime = TimeSpan.FromMilliseconds(400);

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
        var single = GigaflopsPerSecond(ScalarType.Float32);
        yield return Speed("fp32", "matrix product fp32", single);
        var half = GigaflopsPerSecond(ScalarType.BFloat16);
        var hint = half > 1.2 * single ? ", worth using" : ", no gain here";
        yield return Speed("bf16", "matrix product bf16", half) with { Text = $"{half:0} GFLOP/s{hint}" };
        var cuda = torch.cuda_is_available();
        yield return new Observation("cuda", "CUDA", cuda, cuda ? "yes" : "no");
    }

    private static Observation Speed(string precision, string label, double value)
        => new($"gigaflops_{precision}", label, Math.Round(value, 1), $"{value:0} GFLOP/s");

    private static double GigaflopsPerSecond(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var left = ones(MatrixSize, MatrixSize, dtype: type);
        var right = ones(MatrixSize, MatrixSize, dtype: type);
        left.mm(right).Dispose();
        var products = 0;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < MeasuringTime; products++) left.mm(right).Dispose();
        return products * 2.0 * MatrixSize * MatrixSize * MatrixSize / watch.Elapsed.TotalSeconds / 1e9;
    }
}
