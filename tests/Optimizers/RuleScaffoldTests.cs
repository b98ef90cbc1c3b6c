using PretrainBench.Core;

namespace PretrainBench.Optimizers.Tests;

public sealed class RuleScaffoldTests : IDisposable
{
    private readonly string _checkout = Directory.CreateTempSubdirectory("pretrainbench-scaffold").FullName;

    public RuleScaffoldTests() => File.WriteAllText(Path.Combine(_checkout, "PretrainBench.sln"), "");

    public void Dispose() => Directory.Delete(_checkout, recursive: true);

    [Fact]
    public void Writes_the_files_under_the_rules_name()
    {
        var files = RuleScaffold.Write("sign-momentum2", _checkout);

        Assert.Equal(4, files.Count);
        foreach (var text in files.Select(file => File.ReadAllText(Path.Combine(_checkout, file))))
        {
            Assert.Contains("sign-momentum2", text, StringComparison.Ordinal);
            Assert.DoesNotContain("example", text, StringComparison.OrdinalIgnoreCase);
        }
        Assert.Contains("[Rule(\"sign-momentum2\", ",
            File.ReadAllText(Path.Combine(_checkout, "src/Optimizers/Rules/SignMomentum2.cs")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Overwrites_nothing()
    {
        var page = Path.Combine(_checkout, "docs", "optimizers", "mine.md");
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        File.WriteAllText(page, "my notes");

        Assert.Contains("docs/optimizers/mine.md: is there already", Refusal("mine", _checkout),
            StringComparison.Ordinal);

        Assert.Equal("my notes", File.ReadAllText(page));
        Assert.Equal([page], Directory.GetFiles(_checkout, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".sln", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "is no name for a rule")]
    [InlineData("Mine", "is no name for a rule")]
    [InlineData("../mine", "is no name for a rule")]
    [InlineData("2mine", "is no name for a rule")]
    [InlineData("mine-", "is no name for a rule")]
    [InlineData("a-name-that-is-far-too-long-for-any-table-of-any-report", "is no name for a rule")]
    [InlineData("muon", "there is an optimizer `muon` already")]
    [InlineData("tensor", "would be the class Tensor")]
    [InlineData("update-rule", "would be the class UpdateRule")]
    [InlineData("math", "would be the class Math")]
    public void Refuses_names_that_would_not_do(string name, string because)
    {
        Assert.Contains(because, Refusal(name, _checkout), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_checkout));
    }

    [Fact]
    public void Refuses_a_folder_that_is_no_checkout()
    {
        var folder = Path.Combine(_checkout, "elsewhere");
        Directory.CreateDirectory(folder);
        Assert.Contains("is no checkout", Refusal("mine", folder), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Half_a_rule_is_not_left_behind()
    {
        // A file in the place of the last folder.
        Directory.CreateDirectory(Path.Combine(_checkout, "tests", "Optimizers"));
        File.WriteAllText(Path.Combine(_checkout, "tests", "Optimizers", "Golden"), "");

        Assert.ThrowsAny<Exception>(() => RuleScaffold.Write("half-written", _checkout));

        Assert.Empty(Directory.GetFiles(_checkout, "*alf*ritten*", SearchOption.AllDirectories));
    }

    private static string Refusal(string name, string folder)
        => Assert.Throws<UserException>(() => RuleScaffold.Write(name, folder)).Message;
}
