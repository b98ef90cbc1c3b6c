using PretrainBench.Core;
using PretrainBench.Core.Files;

namespace PretrainBench.Grids.Verifying;

/// <summary>What is found in a grid's folder, and where a repair moves it: nothing is deleted.</summary>
/// <param name="root">The grid's folder.</param>
/// <param name="repair">Whether anything is moved.</param>
internal sealed class SetAsideFolder(string root, bool repair)
{
    /// <summary>Its name within the grid's folder.</summary>
    public const string Name = "set-aside";

    private readonly List<GridFinding> _findings = [];
    private readonly string _place = FreePlace(root);

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<GridFinding> Findings => _findings;

    /// <summary>Tells what is wrong with something, and moves it away when repairing.</summary>
    public void Move(string path, string problem, string cure)
    {
        if (!repair)
        {
            Report(path, problem, "`grid verify --repair` sets it aside; " + cure);
            return;
        }
        if (FileEntry.KindOf(path) == EntryKind.Nothing) return;
        var target = Target(path);
        if (Directory.Exists(path)) Directory.Move(path, target);
        else File.Move(path, target);
        Report(path, problem, cure, target);
    }

    /// <summary>Keeps a copy of what will be rewritten.</summary>
    /// <returns>The copy's path.</returns>
    public string Copy(string path)
    {
        var target = Target(path);
        File.Copy(path, target);
        return target;
    }

    /// <summary>Tells what is wrong.</summary>
    public void Report(string path, string problem, string cure, string? repaired = null)
        => _findings.Add(new GridFinding(path, problem, cure, repaired));

    // What is in a folder may have gone aside before the folder itself.
    private string Target(string path)
    {
        var target = Path.Combine(_place, Path.GetRelativePath(root, path));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return Free(target);
    }

    // A place of its own for each repair.
    private static string FreePlace(string root)
    {
        var name = Path.Combine(root, Name);
        if (GridLayout.Of(name, EntryKind.Folder) is { } misplaced)
            throw new UserException($"{name}: {misplaced.Problem}; move it away");
        return Free(Path.Combine(name, $"{DateTimeOffset.UtcNow:yyyyMMdd-HHmmss}"));
    }

    private static string Free(string path)
        => Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? path : $"{path}-{number}")
            .First(name => FileEntry.KindOf(name) == EntryKind.Nothing);
}
