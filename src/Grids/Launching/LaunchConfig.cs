using PretrainBench.Core;

namespace PretrainBench.Grids.Launching;

/// <summary>How many workers share this machine.</summary>
public sealed record LaunchConfig(int Workers, int Threads)
{
    /// <summary>One single-threaded worker for each core: small models gain more from a run of their own than from a
    /// second thread.</summary>
    public static LaunchConfig Default(int cores) => new(cores, 1);

    /// <summary>Fills in what the user left open, and checks it.</summary>
    /// <param name="workers">Worker processes, or null.</param>
    /// <param name="threads">Threads of each, or null.</param>
    /// <param name="cores">The machine's cores.</param>
    /// <exception cref="UserException">More threads than cores.</exception>
    public static LaunchConfig From(int? workers, int? threads, int cores)
    {
        if (workers is < 1) throw new UserException($"`--workers {workers}`: at least one is needed");
        if (threads is < 1) throw new UserException($"`--threads {threads}`: at least one is needed");
        var chosen = (workers, threads) switch
        {
            (null, null) => Default(cores),
            (null, { } t) => new LaunchConfig(Math.Max(1, cores / t), t),
            ({ } w, null) => new LaunchConfig(w, Math.Max(1, cores / w)),
            ({ } w, { } t) => new LaunchConfig(w, t),
        };
        // Busy threads that share a core wait for each other at every barrier: ten times slower, seen.
        return chosen.Workers * chosen.Threads <= cores
            ? chosen
            : throw new UserException($"{chosen.Workers} workers with {chosen.Threads} threads each are "
                + $"{chosen.Workers * chosen.Threads} threads for {cores} cores, which is many times slower than one "
                + "for each; lower `--workers` or `--threads`");
    }
}
