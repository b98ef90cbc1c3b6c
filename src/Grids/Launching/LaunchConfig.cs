using PretrainBench.Core;

namespace PretrainBench.Grids.Launching;

/// <summary>How many workers share this machine, and its devices.</summary>
public sealed record LaunchConfig(int Workers, int Threads)
{
    /// <summary>Devices that workers are given in turn; empty: what their runs say.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Workers that share each CUDA device.</summary>
    public int WorkersPerDevice { get; init; } = 1;

    /// <summary>How many train at full rate at once: CUDA devices, else threads.</summary>
    public int Lanes => HasCuda ? Devices.Count : Workers * Threads;

    /// <summary>What one of these is called.</summary>
    public string LaneName => HasCuda ? "device" : "thread";

    private bool HasCuda => Devices.Any(DeviceList.IsCuda);

    /// <summary>One single-threaded worker for each core: small models gain more from a run of their own than from a
    /// second thread.</summary>
    public static LaunchConfig Default(int cores) => new(cores, 1);

    /// <summary>The device of a worker, counted from 1; null: what its runs say.</summary>
    public string? DeviceOf(int worker) => Devices.Count == 0 ? null : Devices[(worker - 1) % Devices.Count];

    /// <summary>Fills in what the user left open, and checks it.</summary>
    /// <param name="workers">Worker processes, or null.</param>
    /// <param name="threads">Threads of each, or null.</param>
    /// <param name="cores">The machine's cores.</param>
    /// <param name="devices">Devices that workers are given in turn.</param>
    /// <param name="perDevice">Workers on each CUDA device, or null.</param>
    /// <exception cref="UserException">More threads than cores, or no device to share.</exception>
    public static LaunchConfig From(
        int? workers, int? threads, int cores, IReadOnlyList<string>? devices = null, int? perDevice = null)
    {
        if (workers is < 1) throw new UserException($"`--workers {workers}`: at least one is needed");
        if (threads is < 1) throw new UserException($"`--threads {threads}`: at least one is needed");
        if (perDevice is < 1) throw new UserException($"`--workers-per-device {perDevice}`: at least one is needed");
        devices ??= [];
        var count = devices.Count(DeviceList.IsCuda);
        if (perDevice is not null && count == 0)
            throw new UserException("`--workers-per-device`: there is no CUDA device to share; `--workers` says how "
                + "many share the cores");
        if (perDevice is not null && workers is not null)
            throw new UserException("`--workers` and `--workers-per-device` say the same; give one of them");
        if (count > 0) workers ??= count * (perDevice ?? 1);
        var chosen = (workers, threads) switch
        {
            (null, null) => Default(cores),
            (null, { } t) => new LaunchConfig(Math.Max(1, cores / t), t),
            ({ } w, null) => new LaunchConfig(w, Math.Max(1, cores / w)),
            ({ } w, { } t) => new LaunchConfig(w, t),
        };
        // Busy threads that share a core wait for each other at every barrier: ten times slower, seen.
        return chosen.Workers * chosen.Threads <= cores
            ? chosen with { Devices = devices, WorkersPerDevice = count == 0 ? 1 : (chosen.Workers - 1) / count + 1 }
            : throw new UserException($"{chosen.Workers} workers with {chosen.Threads} threads each are "
                + $"{chosen.Workers * chosen.Threads} threads for {cores} cores, which is many times slower than one "
                + "for each; lower `--workers` or `--threads`");
    }
}
