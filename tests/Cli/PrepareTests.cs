using System.Text;

namespace PretrainBench.Cli.Tests;

public sealed class PrepareTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-cli-prepare").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Killed_and_begun_anew_on_other_cores_it_writes_the_same_bytes()
    {
        var random = new Random(1);
        Directory.CreateDirectory(Path.Combine(_folder, "text"));
        for (var file = 0; file < 24; file++)
        {
            var text = new StringBuilder();
            while (text.Length < 200_000)
                text.Append((char)('a' + random.Next(26)), random.Next(1, 4))
                    .Append(random.Next(9) > 0 ? " " : "\n\n");
            File.WriteAllText(Path.Combine(_folder, "text", $"{file:00}.txt"), text.ToString());
        }
        string[] args = ["data", "prepare", "source=text", "vocabulary_size=300", "--out"];
        var whole = Pretrainbench.RunScript(_folder,
            $"DOTNET_PROCESSOR_COUNT=1 $PRETRAINBENCH {string.Join(' ', args)} whole");
        Assert.True(whole.ExitCode == 0, whole.Error);
        using (var process = Pretrainbench.Start(_folder, [.. args, "out"]))
        {
            while (Parts() == 0)
            {
                Assert.False(process.HasExited);
                process.WaitForExit(5);
            }
            process.Kill();
            process.WaitForExit();
        }
        Assert.InRange(Parts(), 1, 23);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
        Pretrainbench.MustSucceed(_folder, [.. args, "out"]);
        Assert.Equal(Contents("whole"), Contents("out"));
        Assert.Equal(["out", "text", "whole"],
            Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    private int Parts()
    {
        var unfinished = Path.Combine(_folder, ".out.unfinished");
        return Directory.Exists(unfinished)
            ? Directory.GetFiles(unfinished, "*.part", SearchOption.AllDirectories).Length : 0;
    }

    private IEnumerable<(string, string)> Contents(string name)
        => Directory.GetFiles(Path.Combine(_folder, name), "*", SearchOption.AllDirectories).Order()
            .Select(path => (Path.GetRelativePath(Path.Combine(_folder, name), path),
                Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))));
}
