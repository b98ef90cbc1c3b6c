namespace PretrainBench.Core.Configuration;

/// <summary>Finds what a user probably meant by a misspelt name.</summary>
public static class Suggestion
{
    /// <summary>A hint such as <c>; did you mean `width`?</c>, else the list of what is known.</summary>
    public static string For(string word, IEnumerable<string> known)
        => Of(word, known) is { } name ? $"; did you mean `{name}`?" : $"; known: {string.Join(", ", known)}";

    /// <summary>A hint such as <c>; did you mean `configs/run.yaml`?</c> for a file that is not there.</summary>
    public static string ForFile(string path)
    {
        var folder = Path.GetDirectoryName(path) ?? "";
        var files = Directory.Exists(Path.Combine(".", folder))
            ? Directory.EnumerateFiles(Path.Combine(".", folder)).Select(file => Path.GetFileName(file)) : [];
        return Of(Path.GetFileName(path), files.Order(StringComparer.Ordinal)) is { } name
            ? $"; did you mean `{Path.Combine(folder, name)}`?"
            : "; check the path";
    }

    /// <summary>The nearest name, by Levenshtein distance, the first of several; null when none is near.</summary>
    internal static string? Of(string word, IEnumerable<string> known)
        => known.Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(pair => pair.Distance <= Math.Max(2, word.Length / 3))
            .OrderBy(pair => pair.Distance).FirstOrDefault().Name;

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
