namespace PretrainBench.Core.Files;

/// <summary>Keeps names that a file gives within the folder that they are meant for: whoever opens a stranger's folder
/// must not write elsewhere.</summary>
public static class ConfinedPath
{
    private const int MostCharacters = 128;

    /// <summary>Whether a text is the name of something within a folder, and of nothing outside it.</summary>
    public static bool IsName(string text)
        => text.Length is > 0 and <= MostCharacters && text[0] != '.' && !text.Any(char.IsControl)
            && !text.AsSpan().ContainsAny('/', '\\');

    /// <summary>A path within a folder.</summary>
    /// <param name="name">Taken from a file: not trusted.</param>
    /// <exception cref="UserException">It is no plain name, or a link stands there.</exception>
    public static string Of(string folder, string name)
    {
        if (!IsName(name))
            throw new UserException($"{folder}: `{PlainText.Of(name)}` is no name of something in this folder; "
                + "what names it is damaged, or a stranger's");
        var path = Path.Combine(folder, name);
        RequireNoLink(path);
        return path;
    }

    /// <summary>Refuses links, and pipes and devices, at a path and below it.</summary>
    /// <param name="depth">How many levels of folders below are looked into.</param>
    /// <exception cref="UserException">There is one: what is written through a link would land elsewhere, and reading a
    /// pipe might never end.</exception>
    public static void RequireNoLinks(string path, int depth)
    {
        RequireNoLink(path);
        if (depth == 0 || !Directory.Exists(path)) return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(path)) RequireNoLinks(entry, depth - 1);
    }

    private static void RequireNoLink(string path)
    {
        var kind = FileEntry.KindOf(path);
        if (kind == EntryKind.PipeOrDevice)
            throw new UserException($"{path}: is a pipe or a device, which nothing here writes; move it away");
        if (kind == EntryKind.Link)
            throw new UserException($"{path}: is a link to {PlainText.Of(new FileInfo(path).LinkTarget ?? "")}, which "
                + "may lie outside the grid's folder; put what it points to in its place");
    }
}
