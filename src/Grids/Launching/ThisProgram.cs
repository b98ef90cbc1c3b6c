using System.Reflection;
using PretrainBench.Core;
using PretrainBench.Core.Files;

namespace PretrainBench.Grids.Launching;

/// <summary>This program, to be started again: here, or from a frozen copy by a scheduler at some later time.</summary>
internal static class ThisProgram
{
    // What is built here is written over in place by the next build, and a link would change with it.
    private const string OwnFiles = "pretrainbench";

    /// <summary>As it was started; <c>dotnet program.dll</c> where it has no executable of its own.</summary>
    public static IReadOnlyList<string> Command
    {
        get
        {
            var path = Environment.ProcessPath
                ?? throw new InvalidOperationException("the program's path is unknown");
            return Path.GetFileNameWithoutExtension(path) == "dotnet"
                ? [path, Assembly.GetEntryAssembly()!.Location]
                : [path];
        }
    }

    /// <summary>The same, from a copy that later builds do not change. Copies of one build are one, and the libraries
    /// in them are links where the file system has them.</summary>
    /// <param name="folder">Where the copies are.</param>
    public static IReadOnlyList<string> Freeze(string folder)
    {
        var source = new DirectoryInfo(AppContext.BaseDirectory);
        var files = source.EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal).ToList();
        string NameOf(FileInfo file) => Path.GetRelativePath(source.FullName, file.FullName);
        var identity = ContentHash.ShortOfText(string.Join('\n',
            files.Select(file => $"{NameOf(file)} {file.Length} {file.LastWriteTimeUtc.Ticks}")));
        var target = Path.Combine(folder, identity);
        // A copy that lost files would end every worker as it starts.
        if (Directory.Exists(target) && files.Exists(file => new FileInfo(Path.Combine(target, NameOf(file)))
            is var copy && (!copy.Exists || copy.Length != file.Length)))
            Directory.Move(target, TemporaryName.Beside(target));
        if (!Directory.Exists(target)) AtomicFolder.Write(target, TemporaryName.Beside(target), aside =>
        {
            foreach (var file in files)
            {
                var copy = Path.Combine(aside, NameOf(file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                if (file.Name.StartsWith(OwnFiles, StringComparison.OrdinalIgnoreCase)
                    || !ExclusiveName.TryLink(file.FullName, copy)) file.CopyTo(copy);
            }
            return target;
        });
        return [.. Command.Select(part => part.StartsWith(source.FullName, StringComparison.Ordinal)
            ? Path.Combine(target, Path.GetRelativePath(source.FullName, part)) : part)];
    }
}
