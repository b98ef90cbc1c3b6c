namespace PretrainBench.Data;

/// <summary>Path patterns: <c>*</c> and <c>?</c> stay within a folder, <c>**</c> crosses folders.</summary>
internal static class PathPattern
{
    /// <summary>Whether a path matches a pattern, both with forward slashes; case matters.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="path">The path.</param>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern.StartsWith("**/")) return AnyRest(pattern[3..], path, acrossFolders: true, folderStarts: true);
            if (pattern.StartsWith("**")) return AnyRest(pattern[2..], path, acrossFolders: true, folderStarts: false);
            if (pattern[0] == '*') return AnyRest(pattern[1..], path, acrossFolders: false, folderStarts: false);
            if (path.IsEmpty || (pattern[0] == '?' ? path[0] == '/' : pattern[0] != path[0])) return false;
            pattern = pattern[1..];
            path = path[1..];
        }
        return path.IsEmpty;
    }

    private static bool AnyRest(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path, bool acrossFolders, bool folderStarts)
    {
        for (var skip = 0; skip <= path.Length; skip++)
        {
            if ((!folderStarts || skip == 0 || path[skip - 1] == '/') && Matches(pattern, path[skip..])) return true;
            if (skip < path.Length && path[skip] == '/' && !acrossFolders) return false;
        }
        return false;
    }
}
