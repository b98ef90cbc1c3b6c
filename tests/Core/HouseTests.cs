using System.Text.RegularExpressions;
using System.Xml.Linq;
using PretrainBench.Tests;

namespace PretrainBench.Core.Tests;

/// <summary>Holds the floors of the house, read from its sources: who may stand on whom, who may know what.</summary>
public partial class HouseTests
{
    // Each room and those right below it; a room may refer to all that these stand on.
    private static readonly Dictionary<string, string[]> Below = new()
    {
        ["Cli"] = ["Studies", "Theory"],
        ["Studies"] = ["Grids", "Reports"],
        ["Grids"] = ["Training"],
        ["Training"] = ["Optimizers", "Models", "Data"],
        ["Optimizers"] = ["Torch"],
        ["Models"] = ["Torch"],
        ["Data"] = ["Core"],
        ["Theory"] = ["Reports", "Torch"],
        ["Reports"] = ["Analysis"],
        ["Analysis"] = ["Core"],
        ["Torch"] = ["Core"],
        ["Core"] = [],
    };

    private static readonly string Source = Path.Combine(Repository.Root, "src");

    private static IEnumerable<string> RoomNames
        => Directory.GetDirectories(Source).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public static TheoryData<string> Rooms() => [.. RoomNames];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void References_only_go_down(string room)
    {
        Assert.True(Below.ContainsKey(room), $"{room} has no floor: say in DESIGN and here what it stands on");
        Assert.All(References(room), below => Assert.Contains(below, Under(room)));
    }

    [Fact]
    public void Only_Torch_knows_which_torch_there_is()
        => Assert.Equal(["Torch"], RoomNames.Where(room => Packages(room).Any(IsTorch)));

    [Theory]
    [InlineData("Analysis")]
    [InlineData("Reports")]
    [InlineData("Data")]
    public void These_rooms_need_no_torch(string room)
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>([room]);
        while (open.TryDequeue(out var next))
            if (seen.Add(next)) foreach (var below in References(next)) open.Enqueue(below);
        Assert.Contains("Core", seen);
        Assert.DoesNotContain(seen.SelectMany(Packages), IsTorch);
        Assert.DoesNotMatch(@"\bTorchSharp\b", string.Concat(Files(room).Select(File.ReadAllText)));
    }

    // What a rule needs from the loop is a hook of the rule. Theory's rules are its own, and so are their names.
    [Fact]
    public void An_optimizers_name_stands_in_its_own_file_alone()
    {
        var rules = Path.Combine(Source, "Optimizers", "Rules");
        var names = Directory.GetFiles(rules, "*.cs").SelectMany(file => RuleName().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.True(names.Count >= 15, "the rules carry their names in [Rule(\"name\", …)]");
        var baseline = Path.Combine(Source, "Core", $"{nameof(Baseline)}.cs");
        var text = new Regex($"\"({string.Join('|', names)})\"");
        var elsewhere = RoomNames.Where(room => room != "Theory").SelectMany(Files)
            .Where(file => file != baseline && !file.StartsWith(rules, StringComparison.Ordinal))
            .Where(file => text.IsMatch(File.ReadAllText(file)));
        Assert.Empty(elsewhere);
        Assert.Contains(Baseline.Optimizer, names);
    }

    [Fact]
    public void No_line_is_longer_than_120_columns()
        => Assert.All(Code(), file => Assert.All(File.ReadLines(file), line => Assert.InRange(line.Length, 0, 120)));

    [Fact]
    public void No_file_is_longer_than_250_lines()
        => Assert.All(Code(), file => Assert.InRange(File.ReadLines(file).Count(), 0, 250));

    // Members and parameters speak where their name and type do not say it all; types always do.
    [Fact]
    public void Every_public_type_says_what_it_is()
        => Assert.All(RoomNames.SelectMany(Files), file => Assert.DoesNotMatch(Undocumented(), File.ReadAllText(file)));

    private static IEnumerable<string> Code()
        => new[] { Source, Path.Combine(Repository.Root, "tests") }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories));

    private static HashSet<string> Under(string room)
        => [.. Below[room].SelectMany(below => Under(below).Append(below))];

    private static IEnumerable<string> References(string room)
        => Includes(room, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));

    private static IEnumerable<string> Packages(string room) => Includes(room, "PackageReference");

    private static IEnumerable<string> Includes(string room, string kind)
        => XDocument.Load(Path.Combine(Source, room, $"{room}.csproj")).Descendants(kind)
            .Select(item => item.Attribute("Include")!.Value);

    private static bool IsTorch(string package)
        => package.StartsWith("TorchSharp", StringComparison.Ordinal)
            || package.StartsWith("libtorch", StringComparison.Ordinal);

    private static IEnumerable<string> Files(string room)
        => Directory.EnumerateFiles(Path.Combine(Source, room), "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"^(?!\s*///|\[).*\n(\[.*\]\n)*public .*\b(class|record|struct|interface|enum) ",
        RegexOptions.Multiline)]
    private static partial Regex Undocumented();

    [GeneratedRegex(@"\[Rule\(""([a-z0-9_]+)""")]
    private static partial Regex RuleName();
}
