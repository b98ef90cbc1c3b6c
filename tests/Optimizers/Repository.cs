namespace PretrainBench.Optimizers.Tests;

/// <summary>Where the source tree is, for tests of files that users read.</summary>
internal static class Repository
{
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "PretrainBench.sln"))) folder = folder.Parent!;
            return folder.FullName;
        }
    }
}
