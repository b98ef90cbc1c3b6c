namespace PretrainBench.Grids.Tests;

/// <summary>Files of the repository that tests hold to the program.</summary>
internal static class RepositoryFiles
{
    /// <summary>A folder, by its path from the repository's root.</summary>
    public static string Folder(params string[] parts)
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "PretrainBench.sln"))) at = at.Parent!;
        return Path.Combine([at.FullName, .. parts]);
    }
}
