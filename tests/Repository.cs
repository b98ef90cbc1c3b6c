namespace PretrainBench.Tests;

/// <summary>Where the source tree is, for tests of files that people read.</summary>
internal static class Repository
{
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    private static string Above(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "PretrainBench.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
