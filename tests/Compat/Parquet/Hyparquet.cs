using System.Diagnostics;

namespace PretrainBench.Compat.Tests.Parquet;

/// <summary>A reader of Parquet that shares nothing with ours: npm's hyparquet, in the version that scripts/setup.sh installs.</summary>
internal static class Hyparquet
{
    private static readonly string Folder = Path.Combine(Root(), "artifacts", "parquet-peer");

    /// <summary>All rows of a file, as a JSON list of objects.</summary>
    public static string ReadAsJson(string path)
    {
        Assert.True(
            Directory.Exists(Path.Combine(Folder, "node_modules", "hyparquet")),
            $"hyparquet is not in {Folder}: run scripts/setup.sh, which needs Node.js and the npm registry once. Without a reader that is not ours "
            + "these tests prove nothing.");
        // Run from the folder of node_modules, where node looks for what the script imports.
        var script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Parquet", "read.mjs"));
        var info = new ProcessStartInfo("node", ["--input-type=module", "--eval", script, "--", path])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PretrainBench.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no checkout above the tests");
        return folder;
    }
}
