namespace PretrainBench.Reports.Tests;

/// <summary>Keeps what tests render beside the tests, in rendered/, so that a person can look at it.</summary>
internal static class Rendered
{
    private static readonly Lock Gate = new();

    public static string Keep(string name, string content)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "rendered");
        lock (Gate)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, name), content);
        }

        return content;
    }
}
