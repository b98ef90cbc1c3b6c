using System.Collections.Concurrent;
using System.Diagnostics;

namespace PretrainBench.Training;

/// <summary>What matrix products reach on this machine, measured once per process: the yardstick for a run's
/// speed.</summary>
public static class MachineCeiling
{
    private const int LeastRounds = 2, MostRounds = 8;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<(string Device, Precision Precision, int Threads), double> Measured =
        new();

    /// <summary>Floating-point operations per second of a large square product at a precision, with the threads now
    /// set.</summary>
    /// <param name="precision">How products with weights are taken.</param>
    public static double FlopsPerSecond(Device device, Precision precision)
        => Measured.GetOrAdd((device.ToString(), precision, get_num_threads()), _ => Measure(device, precision));

    private static double Measure(Device device, Precision precision)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var onGpu = device.type == DeviceType.CUDA;
        var size = onGpu ? 8192 : 1024;
        var type = precision.IsBf16() ? ScalarType.BFloat16 : ScalarType.Float32;
        var left = ones(new long[] { size, size }, dtype: type, device: device);
        var right = ones(new long[] { size, size }, dtype: type, device: device);
        var best = double.PositiveInfinity;
        var all = Stopwatch.StartNew();
        // The first rounds warm caches and clocks up; the best round is what the machine can do.
        for (var round = 0; round < LeastRounds || (round < MostRounds && all.Elapsed < MostTime); round++)
        {
            var clock = Stopwatch.StartNew();
            using var product = left.mm(right);
            if (onGpu) cuda.synchronize(device);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return 2.0 * size * size * size / best;
    }
}
