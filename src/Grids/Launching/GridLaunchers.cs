using System.Reflection;
using PretrainBench.Core;

namespace PretrainBench.Grids.Launching;

/// <summary>The launchers by name: every class of this assembly that carries <see cref="LauncherAttribute"/>.</summary>
public static class GridLaunchers
{
    /// <summary>This machine.</summary>
    public const string Default = "local";

    private static readonly SortedDictionary<string, Type> Known = new(
        typeof(GridLaunchers).Assembly.GetTypes()
            .Select(type => (Type: type, type.GetCustomAttribute<LauncherAttribute>()?.Name))
            .Where(launcher => launcher.Name is not null).ToDictionary(launcher => launcher.Name!, own => own.Type),
        StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <exception cref="UserException">There is no launcher of that name, or it cannot do what is asked.</exception>
    public static IGridLauncher Of(string name, LaunchRequest request)
    {
        if (!Known.TryGetValue(name, out var launcher))
            throw new UserException($"`--on {name}`: there is no such launcher; use {string.Join(", ", Names)}");
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DoNotWrapExceptions;
        return (IGridLauncher)Activator.CreateInstance(launcher, Any, null, [request], null)!;
    }
}

/// <summary>Names a launcher for <c>--on</c>; the class has a constructor that takes a
/// <see cref="LaunchRequest"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LauncherAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
