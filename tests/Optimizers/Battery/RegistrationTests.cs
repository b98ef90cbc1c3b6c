using PretrainBench.Core.Configuration;
using PretrainBench.Tests;

namespace PretrainBench.Optimizers.Tests.Battery;

public class RegistrationTests
{
    [Fact]
    public void The_battery_picks_a_rule_up_by_registration_alone()
        => Assert.Contains("example", RegisteredRules.All);

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Settings_are_valid_and_come_back_from_yaml(string rule)
    {
        var config = OptimizerConfig.Default(rule);
        var yaml = ConfigWriter.ToYaml(new Holder { Optimizer = config });

        var back = ConfigBinder.Bind<Holder>(ConfigFile.Parse(yaml, "run.yaml"), "the test").Optimizer;

        Assert.Empty(config.Options.Validate());
        Assert.Equal(yaml, ConfigWriter.ToYaml(new Holder { Optimizer = back }));
    }

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Every_product_rule_has_a_page_in_the_documentation(string rule)
    {
        if (RuleRegistry.Get(rule).OptionsType.Assembly != typeof(RuleRegistry).Assembly) return;
        var pages = Path.Combine(Repository.Root, "docs", "optimizers");

        Assert.True(File.Exists(Path.Combine(pages, $"{rule}.md")), $"docs/optimizers/{rule}.md is missing");
        Assert.True(File.ReadAllText(Path.Combine(pages, "README.md")).Contains($"({rule}.md)"),
            $"the table of docs/optimizers/README.md has no row for {rule}.md");
    }

    private sealed record Holder
    {
        public required OptimizerConfig Optimizer { get; init; }
    }
}
