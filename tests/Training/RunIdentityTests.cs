using PretrainBench.Core.Configuration;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

public class RunIdentityTests
{
    private const string Optimizer = "{name: muon, groups: [{roles: [head], rule: adamw, learning_rate: 3e-3}]}";

    private static string IdOf(string assignment, string dataHash = "d")
    {
        var root = ConfigFile.Parse($$"""
            model: {layers: 2, width: 32, heads: 2}
            data: {folder: a}
            optimizer: {{Optimizer}}
            budget: {tokens: 409600}
            """, "run.yaml");
        ConfigFile.Override(root, assignment);
        var config = ConfigBinder.Bind<RunConfig>(root, "the run");
        return ResolvedRun.From(config, new DataFingerprint("name", dataHash, "t"), tokenizerVocabulary: 300).Id;
    }

    [Theory]
    [InlineData("data.folder=b")]
    [InlineData("evaluation.points=3")]
    [InlineData("checkpoint.keep=5")]
    [InlineData("execution.threads=3")]
    [InlineData("averaging={kind: none, decay: 0.5}")]
    [InlineData("budget={tokens: 409700}")]
    [InlineData("model={layers: 2, width: 32, heads: 2, vocabulary_size: 300}")]
    [InlineData("optimizer={name: muon, groups: [{roles: head, rule: adamw, learning_rate: 0.003}]}")]
    public void What_changes_no_result_changes_no_identity(string assignment)
        => Assert.Equal(IdOf("seed=0"), IdOf(assignment));

    [Theory]
    [InlineData("data.seed=1")]
    [InlineData("budget={tokens: 819200}")]
    [InlineData("seed=1")]
    [InlineData("model.width=64")]
    [InlineData("batch.sequence_length=128")]
    [InlineData("schedule.warmup_fraction=0.1")]
    [InlineData("gradient_clip=0.5")]
    [InlineData("z_loss=1e-4")]
    [InlineData("averaging={kind: ema}")]
    [InlineData("precision=bf16_linears")]
    [InlineData("optimizer.learning_rate=0.5")]
    [InlineData("optimizer={name: muon, groups: [{roles: [head], rule: adamw, learning_rate: 4e-3}]}")]
    public void What_changes_a_result_changes_the_identity(string assignment)
        => Assert.NotEqual(IdOf("seed=0"), IdOf(assignment));

    [Fact]
    public void A_setting_left_out_is_its_default()
        => Assert.Equal(IdOf("averaging={kind: tail}"), IdOf("averaging={kind: tail, fraction: 0.1}"));

    [Fact]
    public void The_data_count_by_their_content() => Assert.NotEqual(IdOf("seed=0"), IdOf("seed=0", dataHash: "e"));
}
