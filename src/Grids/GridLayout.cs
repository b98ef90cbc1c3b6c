using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Launching;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids;

/// <summary>Something in a grid's folder that is not what belongs in its place.</summary>
/// <param name="Problem">What it is, as the rest of a sentence.</param>
internal readonly record struct Misplaced(string Path, string Problem)
{
    /// <summary>The same as an error, with the cure.</summary>
    public UserException Error => new($"{Path}: {Problem}; `pretrainbench grid verify --repair` sets it aside");
}

/// <summary>What belongs where in a grid's folder: files where files are read, folders where folders are, and nowhere
/// a link, which may lead out of it, or a pipe, whose reading may never end.</summary>
internal static class GridLayout
{
    // Files and folders of a run without which nothing can be said about it.
    private static readonly string[] Essential
        = [ClaimFiles.FolderName, "attempts", RunResult.FileName, "config.yaml", "run_id", ".lock"];

    /// <summary>What is misplaced in a folder within the grid's, and below it.</summary>
    /// <param name="root">The grid's folder.</param>
    /// <param name="name"><c>plans</c>, <c>submissions</c>, or a run's identity.</param>
    public static IEnumerable<Misplaced> Below(string root, string name) => Walk(root, [name]);

    /// <summary>What of a run is misplaced so that trying it again would not help.</summary>
    public static IEnumerable<Misplaced> OfRun(string runFolder)
    {
        if (Of(runFolder, EntryKind.Folder) is { } itself) return [itself];
        var claims = Path.Combine(runFolder, ClaimFiles.FolderName);
        var places = Essential.Select(name => (Path: Path.Combine(runFolder, name), Kind: Expected(["", name])));
        return
        [
            .. places.Select(place => Of(place.Path, place.Kind)).OfType<Misplaced>(),
            .. FileEntry.KindOf(claims) != EntryKind.Folder ? []
                : Directory.GetFiles(claims).Where(path => !TemporaryName.Is(path))
                    .Select(path => Of(path, EntryKind.Folder)).OfType<Misplaced>(),
        ];
    }

    /// <summary>What is wrong with what stands at a path; null where nothing is, or nothing stands there.</summary>
    /// <param name="expected">What belongs there; null for any file or folder.</param>
    public static Misplaced? Of(string path, EntryKind? expected)
    {
        var kind = FileEntry.KindOf(path);
        if (kind == EntryKind.Nothing || kind == expected) return null;
        if (expected is null && kind is EntryKind.File or EntryKind.Folder) return null;
        var what = kind switch
        {
            EntryKind.File => "is a file",
            EntryKind.Folder => "is a folder",
            EntryKind.Link => $"is a link to {PlainText.Of(new FileInfo(path).LinkTarget ?? "")}",
            _ => "is a pipe or a device",
        };
        return new Misplaced(path,
            $"{what} where a {(expected == EntryKind.Folder ? "folder" : "file")} belongs");
    }

    private static IEnumerable<Misplaced> Walk(string root, string[] parts)
    {
        var path = Path.Combine([root, .. parts]);
        var expected = TemporaryName.Is(path) ? null : Expected(parts);
        if (Of(path, expected) is { } misplaced) return [misplaced];
        if (FileEntry.KindOf(path) != EntryKind.Folder) return [];
        return [.. Directory.EnumerateFileSystemEntries(path).Order(StringComparer.Ordinal)
            .SelectMany(entry => Walk(root, [.. parts, Path.GetFileName(entry)]))];
    }

    // By the names from the grid's folder down; the first is `plans`, `submissions` or a run's.
    private static EntryKind? Expected(string[] parts) => parts switch
    {
        [_] or [GridFolder.PlansName, not GridFolder.CurrentName] => EntryKind.Folder,
        [GridFolder.PlansName, ..] => EntryKind.File,
        [SubmissionFolder.Name, ..] => null,
        [_, ClaimFiles.FolderName or "attempts"] or [_, ClaimFiles.FolderName or "attempts", _]
            or [_, "attempts", _, "checkpoints"] or [_, "attempts", _, "checkpoints", _] => EntryKind.Folder,
        [_, ClaimFiles.FolderName or "attempts", ..] => EntryKind.File,
        [_, RunResult.FileName or "config.yaml" or "run_id" or ".lock" or "weights.safetensors"] => EntryKind.File,
        _ => null,
    };
}
