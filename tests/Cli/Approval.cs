namespace PretrainBench.Cli.Tests;

/// <summary>
/// Compares a text with the file that was approved. <c>PRETRAINBENCH_APPROVE=1</c> writes the files instead: look at
/// the difference before committing it.
/// </summary>
internal static class Approval
{
    public static void Check(string name, string text)
    {
        text = text.ReplaceLineEndings("\n");
        var approved = Path.Combine(AppContext.BaseDirectory, "Approved", name + ".txt");
        if (Environment.GetEnvironmentVariable("PRETRAINBENCH_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), "Approved", name + ".txt"), text);
            return;
        }
        Assert.True(File.Exists(approved), $"no approved text {name}; PRETRAINBENCH_APPROVE=1 writes it");
        Assert.Equal(File.ReadAllText(approved).ReplaceLineEndings("\n"), text);
    }

    private static string SourceFolder()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "PretrainBench.sln"))) at = at.Parent;
        return Path.Combine(at!.FullName, "tests", "Cli");
    }
}
