using System.Reflection;
using System.Text.RegularExpressions;
using PretrainBench.Core;
using PretrainBench.Tests;

namespace PretrainBench.Optimizers.Tests;

/// <summary>CONTRIBUTING shows the rule that is tested, and names nothing that is not there.</summary>
public partial class ContributingTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"));

    [Fact]
    public void Its_rule_is_the_template()
        => Assert.Contains($"```csharp\n{File.ReadAllText(Path.Combine(Repository.Root,
            "src", "Optimizers", "Templates", "Example.cs"))}```\n", Page, StringComparison.Ordinal);

    [Fact]
    public void What_its_tables_name_exists()
    {
        var section = Page[Page.IndexOf("| call |", StringComparison.Ordinal)..Page.IndexOf("### A law",
            StringComparison.Ordinal)];
        var types = typeof(UpdateRule).Assembly.GetTypes().Append(typeof(SeedSequence)).ToList();
        Type[] open = [typeof(UpdateRule), typeof(RuleOptions), typeof(ParameterSlot), typeof(ModelParameter<>)];
        var names = Code().Matches(section).Select(match => match.Groups[1].Value).ToList();

        Assert.True(names.Count > 40);
        Assert.All(names, name => Assert.True(Exists(name), $"CONTRIBUTING names `{name}`, which does not exist"));

        bool Exists(string name) => name.Split('.') is [var type, var member]
            ? types.Any(each => each.Name == type && each.GetMember(member, All).Length > 0)
                || open.SelectMany(each => each.GetProperties(All)).Any(property => property.Name == type
                    && property.PropertyType.GetMember(member, All).Length > 0)
            : types.Any(each => each.Name == name) || open.Any(each => each.GetMember(name, All).Length > 0);
    }

    // Names of code alone: they begin with a capital.
    [GeneratedRegex("`([A-Z][A-Za-z]*(?:\\.[A-Z][A-Za-z]*)?)`")]
    private static partial Regex Code();
}
