using PretrainBench.Core.Configuration;
using PretrainBench.Optimizers.Tests.Battery;

namespace PretrainBench.Optimizers.Tests;

public class RuleSheetTests
{
    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void A_sheet_is_a_configuration_with_every_default(string name)
    {
        var rule = RuleRegistry.Get(name);
        var file = ConfigFile.Parse(RuleSheet.Of(rule), "sheet");
        var errors = new ConfigErrors();

        var back = OptimizerConfig.FromConfig(file, "optimizer", errors);

        Assert.Empty(errors.Messages);
        Assert.Empty(ConfigBinder.KeysOf(rule.OptionsType).Except(file.Keys));
        Assert.Equal(ConfigWriter.ToYaml(rule.Defaults()), ConfigWriter.ToYaml(back!.Options));
    }

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Every_setting_says_what_it_means_and_the_rates_where_they_come_from(string name)
    {
        var rule = RuleRegistry.Get(name);

        Assert.All(WithThoseBelow(ExplainedKey.Of(rule.Defaults())),
            key => Assert.True(key.Meaning.Length > 0, $"`{key.Key}` of `{name}` has no summary"));
        Assert.True(KeyMeaning.OfDefaults(rule.OptionsType).Length > 0,
            $"the constructor of {rule.OptionsType.Name} does not say where its learning rate and decay come from");
    }

    [Fact]
    public void References_in_the_code_are_keys_and_values_on_the_sheet()
    {
        var sheet = RuleSheet.Of(RuleRegistry.Get("muon"));

        Assert.Contains("#   spectral: √(m/n) (older Keller Jordan; Dion's \"spectral_norm\").", sheet,
            StringComparison.Ordinal);
        Assert.Contains("orthogonalisation:\n  # The polynomials of the iteration: Jordan.\n", sheet,
            StringComparison.Ordinal);
        Assert.Contains("#   norm, bias: adamw, learning_rate 0.003, weight_decay 0\n", sheet,
            StringComparison.Ordinal);
        Assert.All(sheet.Split('\n'), line => Assert.InRange(line.Length, 0, 110));
    }

    private static IEnumerable<ExplainedKey> WithThoseBelow(IEnumerable<ExplainedKey> keys)
        => keys.SelectMany(key => WithThoseBelow(key.Below).Prepend(key));
}
