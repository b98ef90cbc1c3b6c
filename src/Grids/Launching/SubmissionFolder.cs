using PretrainBench.Core;
using PretrainBench.Core.Files;

namespace PretrainBench.Grids.Launching;

/// <summary>What was launched, in the grid's folder: <c>submissions/&lt;n&gt;/</c> with what the scheduler was given
/// and the workers' logs, and <c>submissions/programs/</c> with the programs that they run.</summary>
internal sealed class SubmissionFolder(GridFolder folder)
{
    /// <summary>Its name within the grid's folder.</summary>
    public const string Name = "submissions";

    private const string SubmittedEnd = ".submitted";

    private readonly string _root = Path.GetFullPath(Path.Combine(folder.Root, Name));

    public string Root => _root;

    /// <summary>One launch at a time counts the workers that are there and submits the rest.</summary>
    /// <exception cref="UserException">Another launch does.</exception>
    public FileStream Lock() => LockFile.Take(Path.Combine(_root, ".lock"),
        $"{folder.Root}: another launch of this grid is submitting; launch again when it has");

    /// <summary>Where programs are kept for workers that start later.</summary>
    public string Programs => Path.Combine(_root, "programs");

    /// <summary>Makes a submission of its own, however many are made at once.</summary>
    /// <param name="name">The name of its file.</param>
    /// <param name="text">The file's text, told its folder.</param>
    /// <returns>The file's path.</returns>
    public string Add(string name, Func<string, string> text)
    {
        for (var number = Numbers().DefaultIfEmpty(0).Max() + 1; ; number++)
        {
            var place = Path.Combine(_root, $"{number}");
            var path = Path.Combine(place, name);
            // Another kind of submission may have taken the number.
            if (!Directory.Exists(place) && AtomicFile.TryPublishText(path, text(place))) return path;
        }
    }

    /// <summary>Writes down that a submission's file was given to its scheduler: a dry run's was not.</summary>
    public static void Submitted(string path, string job) => AtomicFile.WriteText(path + SubmittedEnd, job + "\n");

    /// <summary>Whether anything of a name was given to its scheduler from here.</summary>
    public bool HasSubmitted(string name) => Files(name + SubmittedEnd).Count > 0;

    /// <summary>The submissions' files of a name, in order.</summary>
    public IReadOnlyList<string> Files(string name)
        => [.. Numbers().Order().Select(number => Path.Combine(_root, $"{number}", name))
            .Where(path => FileEntry.KindOf(path) == EntryKind.File)];

    private IEnumerable<int> Numbers()
        => FileEntry.KindOf(_root) != EntryKind.Folder ? []
            : Directory.GetDirectories(_root).Select(path => int.TryParse(Path.GetFileName(path), out var n) ? n : 0);
}
