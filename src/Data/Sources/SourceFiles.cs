using System.Text.RegularExpressions;

namespace PretrainBench.Data;

/// <summary>Turns what a user names, files, folders and patterns, into a list of readable files.</summary>
internal static class SourceFiles
{
    private static readonly string[] Endings =
        [".txt", ".txt.gz", ".txt.zst", ".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet", ".bin", ".npy"];

    private static readonly string[] ValidationNames = ["val", "valid", "validation"];

    /// <summary>Resolves names in their order; the files of a folder or pattern are sorted by path.</summary>
    /// <param name="names">Files, folders (with all below them) and patterns (<c>*</c>, <c>?</c>, <c>**</c>).</param>
    /// <exception cref="UserException">A name leads to no readable file.</exception>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> names)
    {
        if (names.Count == 0) throw new UserException($"source: nothing named; {PrepareConfig.NameASource}");
        return [.. names.SelectMany(ResolveOne).Distinct()];
    }

    /// <summary>Whether its owner set a file aside: named <c>val</c>, <c>valid</c> or <c>validation</c> before the
    /// first dot, dash or underscore.</summary>
    public static bool IsNamedValidation(string path)
        => ValidationNames.Contains(Path.GetFileName(path).Split('.', '-', '_')[0], StringComparer.OrdinalIgnoreCase);

    /// <summary>Which of the endings that can be read a file's name has, or null.</summary>
    public static string? EndingOf(string path)
        => Endings.FirstOrDefault(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a file holds tokens of others instead of text.</summary>
    public static bool HoldsTokens(string path) => EndingOf(path) is ".bin" or ".npy";

    /// <summary>The reader of a file, by its name's ending.</summary>
    public static IDocumentFormat FormatOf(string path, SourceReading reading)
        => EndingOf(path) switch
        {
            ".txt" or ".txt.gz" or ".txt.zst" => new TextFormat(),
            ".jsonl" or ".jsonl.gz" or ".jsonl.zst" => new JsonLinesFormat(reading.TextField),
            ".parquet" => new ParquetFormat(reading.TextField),
            ".bin" or ".npy" => new TokenFormat(reading),
            _ => throw Unreadable(path),
        };

    private static IEnumerable<string> ResolveOne(string name)
    {
        if (File.Exists(name)) return EndingOf(name) is null ? throw Unreadable(name) : [Path.GetFullPath(name)];
        if (Directory.Exists(name)) return FilesBelow(name, path => true, name);
        if (name.AsSpan().IndexOfAny('*', '?') < 0)
            throw new UserException($"source: {name}: no such file or folder; {PrepareConfig.NameASource}");
        var (folder, pattern) = SplitPattern(name);
        if (!Directory.Exists(folder)) throw new UserException($"source: {name}: no such folder: {folder}");
        return FilesBelow(folder, path => pattern.IsMatch(Path.GetRelativePath(folder, path).Replace('\\', '/')), name);
    }

    private static IReadOnlyList<string> FilesBelow(string folder, Func<string, bool> wanted, string name)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => EndingOf(path) is not null && wanted(path))
            .Select(Path.GetFullPath)
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0 ? files
            : throw new UserException($"source: {name}: no file that ends in {string.Join(", ", Endings)}");
    }

    // The folder before the first wildcard, and what paths below it must match.
    private static (string Folder, Regex Pattern) SplitPattern(string name)
    {
        var normal = name.Replace('\\', '/');
        var slash = normal.LastIndexOf('/', normal.AsSpan().IndexOfAny('*', '?'));
        return (slash < 0 ? "." : slash == 0 ? "/" : normal[..slash], PatternOf(normal[(slash + 1)..]));
    }

    // `*` and `?` stay within a folder, `**` crosses folders; case matters.
    private static Regex PatternOf(string wildcards)
        => new($@"\A{Regex.Escape(wildcards)
            .Replace(@"\*\*/", "(.*/)?").Replace(@"\*\*", ".*").Replace(@"\*", "[^/]*").Replace(@"\?", "[^/]")}\z",
            RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static UserException Unreadable(string path)
        => new($"source: {path}: the ending is none of {string.Join(", ", Endings)}; rename or convert the file");
}
