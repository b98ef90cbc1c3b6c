using PretrainBench.Core.Files;

namespace PretrainBench.Grids.Verifying;

/// <summary>What is found in a grid's folder, and where a repair moves it: nothing is deleted.</summary>
internal sealed class SetAsideFolder
{
    /// <summary>Its name within the grid's folder.</summary>
    public const string Name = "set-aside";

    private readonly string _root;
    private readonly bool _repair;
    private readonly List<GridFinding> _findings = [];
    private readonly string _place;

    /// <summary>Looks at its own place first.</summary>
    /// <param name="root">The grid's folder.</param>
    /// <param name="repair">Whether anything is moved.</param>
    public SetAsideFolder(string root, bool repair)
    {
        (_root, _repair) = (root, repair);
        var name = Path.Combine(root, Name);
        _place = Free(Path.Combine(name, $"{DateTimeOffset.UtcNow:yyyyMMdd-HHmmss}"));
        if (GridLayout.Of(name, EntryKind.Folder) is not { } misplaced) return;
        var other = repair ? Free(name) : null;
        if (other is not null) Rename(name, other);
        Report(name, $"it {misplaced.Problem}", "what is set aside has its place there", other);
    }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<GridFinding> Findings => _findings;

    /// <summary>Tells what is wrong with something, and moves it away when repairing.</summary>
    public void Move(string path, string problem, string cure)
    {
        if (!_repair)
        {
            Report(path, problem, "`grid verify --repair` sets it aside; " + cure);
            return;
        }
        if (FileEntry.KindOf(path) == EntryKind.Nothing) return;
        var target = Target(path);
        Rename(path, target);
        Report(path, problem, cure, target);
    }

    /// <summary>Moves what is misplaced in a folder within the grid's, and below it.</summary>
    public void MoveMisplaced(string name, string cure)
    {
        foreach (var (path, problem) in GridLayout.Below(_root, name).ToList()) Move(path, $"it {problem}", cure);
    }

    /// <summary>Keeps a copy of what will be rewritten.</summary>
    /// <returns>The copy's path.</returns>
    public string Copy(string path)
    {
        var target = Target(path);
        File.Copy(path, target);
        return target;
    }

    /// <summary>Tells what is wrong; messages of others begin with the path.</summary>
    public void Report(string path, string problem, string cure, string? repaired = null)
        => _findings.Add(new GridFinding(path,
            problem.StartsWith($"{path}: ", StringComparison.Ordinal) ? problem[(path.Length + 2)..] : problem, cure,
            repaired));

    // What is in a folder may have gone aside before the folder itself.
    private string Target(string path)
    {
        var target = Path.Combine(_place, Path.GetRelativePath(_root, path));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return Free(target);
    }

    private static void Rename(string path, string target)
    {
        if (Directory.Exists(path)) Directory.Move(path, target);
        else File.Move(path, target);
    }

    private static string Free(string path)
        => Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? path : $"{path}-{number}")
            .First(name => FileEntry.KindOf(name) == EntryKind.Nothing);
}
