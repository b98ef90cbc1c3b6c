using PretrainBench.Core;

namespace PretrainBench.Grids.Launching;

/// <summary>The launchers by name. Another is a file beside the others, and a line here.</summary>
public static class GridLaunchers
{
    /// <summary>This machine.</summary>
    public const string Default = "local";

    private static readonly SortedDictionary<string, Func<LaunchRequest, IGridLauncher>> Known = new()
    {
        ["kubernetes"] = request => new KubernetesLauncher(request),
        [Default] = request => new LocalLauncher(request),
        ["slurm"] = request => new SlurmLauncher(request),
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <exception cref="UserException">There is no launcher of that name, or it cannot do what is asked.</exception>
    public static IGridLauncher Of(string name, LaunchRequest request)
        => Known.TryGetValue(name, out var create) ? create(request)
            : throw new UserException($"`--on {name}`: there is no such launcher; use {string.Join(", ", Names)}");
}
