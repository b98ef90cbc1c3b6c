using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Tests;

namespace PretrainBench.Optimizers.Tests.Composition;

/// <summary>configs/optimizers has a file for every rule of the product, and what it says are the defaults.</summary>
public class ExampleFileTests
{
    private static readonly ParameterRole[] Untied = Enum.GetValues<ParameterRole>();

    public static TheoryData<string> Names
        => new(RuleRegistry.All.Where(rule => rule.OptionsType.Assembly == typeof(RuleRegistry).Assembly)
            .Select(rule => rule.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_what_holds_without_it(string rule)
    {
        var written = Bind(rule);

        foreach (var present in new[] { Untied, [.. Untied.Where(role => role != ParameterRole.Head)] })
            foreach (var role in present)
                Assert.Equal(Settings(OptimizerConfig.Default(rule), role, present), Settings(written, role, present));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Moves_as_a_whole_with_the_learning_rate(string rule)
    {
        var (written, computed) = (Bind(rule), OptimizerConfig.Default(rule));
        written = written with { Options = written.Options with { LearningRate = 0.125 } };
        computed = computed with { Options = computed.Options with { LearningRate = 0.125 } };

        foreach (var role in Untied) Assert.Equal(Settings(computed, role, Untied), Settings(written, role, Untied));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Explains_what_it_sets(string rule)
        => Assert.All(File.ReadAllLines(PathOf(rule)).Skip(3).Where(line => !line.Contains("roles:")),
            line => Assert.Contains(" # ", line));

    private static string Settings(OptimizerConfig config, ParameterRole role, ParameterRole[] present)
    {
        var options = config.Resolve(present).Single(group => group.Roles.Contains(role)).Options;
        return $"{RuleRegistry.NameOf(options)}\n{ConfigWriter.ToYaml(options)}";
    }

    private static OptimizerConfig Bind(string rule)
    {
        var run = new ConfigMapping("the test");
        ConfigFile.Override(run, $"optimizer=@{PathOf(rule)}");
        return ConfigBinder.Bind<Holder>(run, "the test").Optimizer;
    }

    private static string PathOf(string rule) => Path.Combine(Repository.Root, "configs", "optimizers", $"{rule}.yaml");

    private sealed record Holder
    {
        public required OptimizerConfig Optimizer { get; init; }
    }
}
