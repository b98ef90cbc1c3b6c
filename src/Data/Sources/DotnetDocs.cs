using System.Runtime.InteropServices;

namespace PretrainBench.Data;

/// <summary>Finds the default corpus: the English reference documentation of the base class library and of ASP.NET
/// Core, which every .NET SDK carries as XML files below its <c>packs</c> folder.</summary>
internal static class DotnetDocs
{
    /// <summary>What the source is called in configurations.</summary>
    public const string Name = "dotnet-docs";

    private static readonly string[] Packs = ["Microsoft.AspNetCore.App.Ref", "Microsoft.NETCore.App.Ref"];

    /// <summary>The XML files in a fixed order: by pack, then by file name.</summary>
    /// <exception cref="UserException">No SDK with documentation is found.</exception>
    public static IReadOnlyList<string> Files()
    {
        var roots = Roots().Distinct().ToList();
        foreach (var root in roots)
            if (FilesBelow(Path.Combine(root, "packs")) is { Count: > 0 } files) return files;
        throw new UserException(
            $"source: `{Name}`: no XML documentation below packs/ of the .NET SDK "
            + $"(looked in {string.Join(", ", roots)}); set `DOTNET_ROOT` to a .NET SDK as Microsoft ships it, "
            + "or name your own text files as the source");
    }

    internal static IReadOnlyList<string> FilesBelow(string packs)
        => [.. Packs.SelectMany(pack => Newest(Path.Combine(packs, pack)) is { } version ? XmlFiles(version) : [])];

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root) yield return root;
        var command = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            var file = new FileInfo(Path.Combine(folder.Length == 0 ? "." : folder, command));
            if (!file.Exists) continue;
            var target = file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
            yield return Path.GetDirectoryName(target)!;
        }
        // <root>/shared/Microsoft.NETCore.App/<version>/ of the runtime that runs us.
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
    }

    private static string? Newest(string pack)
        => Directory.Exists(pack)
            ? Directory.GetDirectories(pack)
                .Select(folder => (Folder: folder, Version: ParseVersion(Path.GetFileName(folder))))
                .Where(candidate => candidate.Version is not null)
                .OrderBy(candidate => candidate.Version).ThenBy(candidate => candidate.Folder, StringComparer.Ordinal)
                .LastOrDefault().Folder
            : null;

    private static Version? ParseVersion(string name)
        => Version.TryParse(name.Split('-')[0], out var version) ? version : null;

    // Folders below the target framework's hold translations; only its own files are English.
    private static IEnumerable<string> XmlFiles(string version)
        => Directory.Exists(Path.Combine(version, "ref"))
            ? Directory.GetDirectories(Path.Combine(version, "ref"))
                .Order(StringComparer.Ordinal)
                .SelectMany(framework => Directory.GetFiles(framework, "*.xml").Order(StringComparer.Ordinal))
            : [];
}
