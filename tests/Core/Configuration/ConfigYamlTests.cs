using PretrainBench.Core.Configuration;

namespace PretrainBench.Core.Tests.Configuration;

public sealed class ConfigYamlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-yaml").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Refused => new()
    {
        { "a: &x [*x]", "`*x` stands for nothing that is complete" },
        { "a: &x {b: {c: *x}}", "`*x` stands for nothing that is complete" },
        { "a: *nobody", "`*nobody` stands for nothing" },
        { "a: " + new string('[', 20_000) + new string(']', 20_000), "more than 100 levels deep" },
        { "a: " + new string('[', 20_000), "more than 100 levels deep" },
        { "a: " + string.Concat(Enumerable.Repeat("{b: ", 20_000)), "more than 100 levels deep" },
        { "a: " + string.Concat(Enumerable.Repeat("- ", 20_000)), "run.yaml:1" },
        { Multiplied(levels: 9, by: 10), "more than 1,000,000 values" },
        { Multiplied(levels: 40, by: 2), "more than 1,000,000 values" },
        { "a: 1\n---\na: 2\n", "run.yaml:2: a second document" },
        { "a: 1\n...\n--- {}\n", "a second document" },
        { "a: !!int 3", "the tag `tag:yaml.org,2002:int`" },
        { "a: !shell [rm]", "the tag `!shell`" },
        { "!!map {a: 1}", "the tag" },
        { "a: 1\na: 2", "run.yaml:2: `a` stands there twice" },
        { "? [a, b]\n: 1", "a key must be a word" },
        { "[1, 2]", "expected `key: value`" },
        { "a: \"\\UFFFFFFFF\"", "not valid YAML" },
        { "a: [1", "not valid YAML" },
        { "a: b: c", "not valid YAML" },
        { "a: 1\0b: 2", "it is no text" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_configuration_is_refused_with_its_line(string yaml, string expected)
        => Assert.Contains(expected,
            Assert.Throws<UserException>(() => ConfigFile.Parse(yaml, "run.yaml")).Message);

    [Fact]
    public void Aliases_are_copies_of_what_they_stand_for()
    {
        var tree = ConfigFile.Parse("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n", "run.yaml");
        tree.Set("c.b", new ConfigScalar("2", "test"));
        Assert.Equal("""{"a":{"b":1},"c":{"b":2},"d":[{"b":1},{"b":1}]}""", ConfigWriter.ToCanonicalJson(tree));
    }

    [Fact]
    public void An_argument_is_one_value()
        => Assert.Contains("more than one value", Assert.Throws<UserException>(
            () => ConfigFile.Override(new ConfigMapping("test"), "a=1\nother: 2")).Message);

    [Fact]
    public void Pipes_devices_and_files_of_many_bytes_are_refused_at_once()
    {
        Assert.Contains("pipe or a device", ErrorOf("/dev/zero"));
        var pipe = Path.Combine(_folder, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", pipe)) made.WaitForExit();
        Assert.Contains("pipe or a device", ErrorOf(pipe));
        var large = Path.Combine(_folder, "large.yaml");
        using (var file = File.Create(large)) file.SetLength(1L << 40);
        Assert.Contains("is it the right one", ErrorOf(large));

        static string ErrorOf(string path) => Assert.Throws<UserException>(() => ConfigFile.Read(path)).Message;
    }

    private static string Multiplied(int levels, int by)
    {
        var text = "a0: &a0 [x, x]\n";
        for (var i = 1; i <= levels; i++)
            text += $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", by))}]\n";
        return text;
    }
}
