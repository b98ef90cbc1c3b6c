using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Optimizers.Matrices;
using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Composition;

public class OptimizerConfigTests
{
    private static readonly ParameterRole[] Untied = Enum.GetValues<ParameterRole>();

    private static readonly ParameterRole[] Tied = [.. Untied.Where(role => role != ParameterRole.Head)];

    [Fact]
    public void A_name_alone_is_a_configuration()
    {
        var config = Parse("optimizer: soap");

        Assert.Equal("soap", config.Name);
        Assert.Equal(new SoapOptions(), config.Options);
    }

    [Fact]
    public void Muon_serves_matrices_and_adamw_the_rest_at_a_rate_that_follows()
    {
        var config = Parse("optimizer: {name: muon, learning_rate: 0.04}");

        Assert.Equal(0.04, Of(config, ParameterRole.HiddenMatrix).LearningRate);
        Assert.IsType<AdamWOptions>(Of(config, ParameterRole.Embedding));
        Assert.Equal(0.006, Of(config, ParameterRole.Head).LearningRate, 12);
        Assert.Equal(0, Of(config, ParameterRole.Norm).WeightDecay);
    }

    [Fact]
    public void A_group_overrides_what_it_writes_and_nothing_else()
    {
        var config = Parse(
            "optimizer: {name: muon, momentum: 0.9, groups: [{roles: [embedding, norm], rule: adamw, "
                + "learning_rate: 1e-3, beta2: 0.98}]}");

        var embedding = Assert.IsType<AdamWOptions>(Of(config, ParameterRole.Embedding));
        Assert.Equal((1e-3, 0.98, 0.1), (embedding.LearningRate, embedding.Beta2, embedding.WeightDecay));
        Assert.Equal(0, Of(config, ParameterRole.Norm).WeightDecay);
        Assert.Equal(0.95, ((AdamWOptions)Of(config, ParameterRole.Head)).Beta2);
        Assert.Equal(0.9, ((MuonOptions)Of(config, ParameterRole.HiddenMatrix)).Momentum);
    }

    [Fact]
    public void A_group_can_follow_the_main_rate()
    {
        var config = Parse(
            "optimizer: {name: muon, learning_rate: 0.01, groups: [{roles: [head], rule: "
                + "adamw, learning_rate_ratio: 0.5}]}");

        Assert.Equal(0.005, Of(config, ParameterRole.Head).LearningRate);
    }

    [Fact]
    public void A_group_can_hand_the_main_rule_what_it_does_not_serve_by_itself()
    {
        var config = Parse(
            "optimizer: {name: soap, beta1: 0.9, groups: [{roles: [embedding], max_preconditioner_dimension: 512}]}");

        var embedding = Assert.IsType<SoapOptions>(Of(config, ParameterRole.Embedding));
        Assert.Equal((0.9, 512), (embedding.Beta1, embedding.MaxPreconditionerDimension));
    }

    [Fact]
    public void Scion_treats_a_tied_embedding_as_the_head()
    {
        var config = OptimizerConfig.Default("scion");

        Assert.Equal(ScionNorm.ColNorm, ((ScionOptions)Of(config, ParameterRole.Embedding)).Norm);
        Assert.Equal(ScionNorm.Sign, ((ScionOptions)Of(config, ParameterRole.Embedding, Tied)).Norm);
    }

    [Fact]
    public void Roles_with_equal_settings_share_a_rule()
        => Assert.Equal(2, OptimizerConfig.Default("adamw").Resolve(Untied).Count);

    [Theory]
    [InlineData("optimizer: {name: muonn}", "did you mean `muon`?")]
    [InlineData("optimizer: {learning_rate: 1}", "optimizer.name: is required")]
    [InlineData("optimizer: {name: muon, momentun: 0.9}", "did you mean `momentum`?")]
    [InlineData("optimizer: {name: adamw, beta2: 1}",
        "run.yaml:1: optimizer.beta2: must be at least 0 and less than 1")]
    [InlineData("optimizer: {name: muon, groups: [{roles: [head], rule: adam}]}",
        "there is no optimizer `adam`; did you mean `adamw`?")]
    [InlineData("optimizer: {name: muon, groups: [{rule: adamw}]}", "`roles` is required")]
    [InlineData("optimizer: {name: muon, groups: [{roles: [head]}, {roles: [head, norm]}]}",
        "the role head is in two groups")]
    [InlineData("optimizer: {name: muon, groups: [{roles: [head], rule: adamw, beta3: 1}]}",
        "optimizer.groups[0].beta3: unknown key")]
    [InlineData("optimizer: {name: muon, groups: [{roles: [heads], rule: adamw}]}", "optimizer.groups[0].roles[0]")]
    [InlineData("optimizer: {name: muon, groups: [{roles: [head], learning_rate: 1, learning_rate_ratio: 1}]}",
        "give either")]
    public void Says_what_is_wrong(string yaml, string message)
        => Assert.Contains(message, Assert.Throws<UserException>(() => Parse(yaml)).Message);

    [Fact]
    public void Groups_come_back_from_yaml()
    {
        const string Yaml =
            "optimizer: {name: muon, orthogonalisation: {custom_coefficients: [2, -1.5, 0.5], steps: 12}, groups: "
                + "[{roles: [head, norm], rule: adamw, learning_rate_ratio: 0.2}]}";
        var written = ConfigWriter.ToYaml(new Holder { Optimizer = Parse(Yaml) });

        Assert.Equal(written, ConfigWriter.ToYaml(new Holder { Optimizer = Parse(written) }));
    }

    private static OptimizerConfig Parse(string yaml)
        => ConfigBinder.Bind<Holder>(ConfigFile.Parse(yaml, "run.yaml"), "the run").Optimizer;

    private static RuleOptions Of(OptimizerConfig config, ParameterRole role, ParameterRole[]? present = null)
        => config.Resolve(present ?? Untied).Single(group => group.Roles.Contains(role)).Options;

    private sealed record Holder
    {
        public required OptimizerConfig Optimizer { get; init; }
    }
}
