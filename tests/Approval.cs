namespace PretrainBench.Tests;

/// <summary>Compares a text with the file that was approved. <c>PRETRAINBENCH_APPROVE=1</c> writes the files instead:
/// look at the difference before committing it.</summary>
internal static class Approval
{
    /// <summary>The room under test: <c>Core</c> of <c>PretrainBench.Core.Tests</c>.</summary>
    public static string Room { get; } = typeof(Approval).Assembly.GetName().Name!.Split('.')[1];

    public static void Check(string name, string text)
    {
        text = text.ReplaceLineEndings("\n");
        var approved = Path.Combine(Repository.Root, "tests", Room, "Approved", name + ".txt");
        if (Environment.GetEnvironmentVariable("PRETRAINBENCH_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(approved)!);
            File.WriteAllText(approved, text);
            return;
        }
        Assert.True(File.Exists(approved), $"no approved text {name}; PRETRAINBENCH_APPROVE=1 writes it");
        Assert.Equal(File.ReadAllText(approved).ReplaceLineEndings("\n"), text);
    }
}
