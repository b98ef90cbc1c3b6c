namespace PretrainBench.Compat.Tests.Surface;

/// <summary>A package's own public members, as the list beside this file has them.</summary>
internal sealed class SurfaceList
{
    private readonly Dictionary<string, HashSet<string>> _types = [];

    internal static SurfaceList Read(string package)
    {
        var list = new SurfaceList();
        HashSet<string>? members = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Surface", package + ".txt")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                list._types[Header(line)] = members = [];
            else if (line.StartsWith("  ", StringComparison.Ordinal))
                members!.Add(SurfaceText.Canonical(line));
        }

        return list;
    }

    /// <summary>What a type has that the package has not, or has otherwise.</summary>
    internal IEnumerable<string> Differences(Type type)
    {
        var header = SurfaceText.Header(type);
        if (!_types.TryGetValue(header, out var members))
            return [$"{header}: the package has no such type"];
        return SurfaceText.Members(type)
            .Where(m => !members.Contains(m) && !m.Contains(" override ", StringComparison.Ordinal))
            .Select(m => $"{header}: {m}");
    }

    // "## sealed class Space::Outer.Name<T> : Base where T : ..." without kind, bases and constraints.
    private static string Header(string line)
    {
        var text = line[3..];
        var end = text.IndexOf(" : ", StringComparison.Ordinal);
        text = end < 0 ? text : text[..end];
        end = text.IndexOf(" where ", StringComparison.Ordinal);
        text = end < 0 ? text : text[..end];
        var start = text[..text.IndexOf("::", StringComparison.Ordinal)].LastIndexOf(' ');
        return text[(start + 1)..];
    }
}
