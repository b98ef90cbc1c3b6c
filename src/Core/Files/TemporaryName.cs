using System.Text.RegularExpressions;

namespace PretrainBench.Core.Files;

/// <summary>Names of what is written aside, before it is renamed into place: hidden, unique, and telling who writes, so
/// that what a dead writer left can be told from what a living one still needs.</summary>
public static partial class TemporaryName
{
    private static readonly string Machine = MachineOf(ProcessIdentity.Current);

    private static readonly string Writer
        = $"{Machine}-{ProcessIdentity.Current.ProcessId}-{ProcessIdentity.Current.StartTicks}";

    /// <summary>A name in the same folder as the one that it becomes.</summary>
    public static string Beside(string path)
        => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!,
            $".{Path.GetFileName(path)}.{Writer}.{Guid.NewGuid():N}.tmp");

    /// <summary>Whether something is temporary, whoever writes it.</summary>
    public static bool Is(string path) => Pattern().IsMatch(Path.GetFileName(path));

    /// <summary>Whether something is temporary and its writer, a process of this machine, is no more.</summary>
    public static bool IsLeft(string path)
        => Pattern().Match(Path.GetFileName(path)) is { Success: true } match && match.Groups[1].Value == Machine
            && int.TryParse(match.Groups[2].Value, out var process)
            && long.TryParse(match.Groups[3].Value, out var start)
            && (ProcessIdentity.Current with { ProcessId = process, StartTicks = start }).HasEnded == true;

    /// <summary>Deletes what dead writers left in a folder and the folders below it.</summary>
    /// <param name="depth">How many levels of folders below are looked into; links are not followed.</param>
    public static void Clear(string folder, int depth)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (IsLeft(entry.Name) && entry is DirectoryInfo) QuietDeletion.OfFolder(entry.FullName);
            else if (IsLeft(entry.Name)) QuietDeletion.OfFile(entry.FullName);
            else if (depth > 0 && entry is DirectoryInfo { LinkTarget: null }) Clear(entry.FullName, depth - 1);
        }
    }

    private static string MachineOf(ProcessIdentity process)
        => ContentHash.ShortOfText(process.Machine.Length > 0 ? process.Machine : process.Host);

    [GeneratedRegex(@"^\..+\.([0-9a-f]+)-(\d+)-(\d+)\.[0-9a-f]{32}\.tmp(?:\.old)?$")]
    private static partial Regex Pattern();
}
