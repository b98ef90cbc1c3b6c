using PretrainBench.Analysis.Comparison;

namespace PretrainBench.Analysis.Tests.Comparison;

public class SettingsComparisonTests
{
    private static RunSettings Run(string optimizer, string cell, params (string Name, string Value)[] values)
        => new(optimizer, cell, values.Append(("optimizer.name", optimizer)).Append(("gradient_clip", "1"))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2));

    [Fact]
    public void Settings_are_held_fixed_or_vary_by_cell_or_differ_between_optimizers()
    {
        var settings = SettingsComparison.Compare(
        [
            Run("adamw", "small", ("model.width", "64"), ("optimizer.learning_rate", "0.01"),
                ("batch.sequences_per_step", "16"), ("version.torch", "1.13.0")),
            Run("muon", "small", ("model.width", "64"), ("optimizer.learning_rate", "0.02"),
                ("optimizer.momentum", "0.95"), ("batch.sequences_per_step", "32"), ("version.torch", "1.13.0")),
            Run("adamw", "large", ("model.width", "128"), ("optimizer.learning_rate", "0.005"),
                ("batch.sequences_per_step", "16"), ("version.torch", "1.13.0")),
            Run("muon", "large", ("model.width", "128"), ("optimizer.learning_rate", "0.02"),
                ("optimizer.momentum", "0.95"), ("batch.sequences_per_step", "16"), ("version.torch", "2.1.0")),
        ]);
        Assert.Equal([new("gradient_clip", "1")], settings.HeldFixed);
        Assert.Equal([new("model.width", "64, 128")], settings.ByCell);
        Assert.Equal(["batch.sequences_per_step", "optimizer.learning_rate", "optimizer.momentum", "version.torch"],
            settings.Differences.Select(d => d.Name));
        Assert.Equal([new("adamw", "0.01, 0.005"), new("muon", "0.02")], settings.Differences[1].Values);
        Assert.Equal([new("adamw", ""), new("muon", "0.95")], settings.Differences[2].Values);

        var findings = SettingsComparison.Findings(settings);
        Assert.Equal([("settings-differ", Severity.Unfair), ("circumstances-differ", Severity.Warning)],
            findings.Select(f => (f.Code, f.Severity)));
        Assert.Equal(
            "batch.sequences_per_step differs between optimizers though it is not theirs: adamw 16, muon 32, 16.",
            findings[0].Message);
    }

    [Fact]
    public void A_cell_that_one_optimizer_lacks_is_no_difference()
    {
        var settings = SettingsComparison.Compare(
        [
            Run("adamw", "small", ("budget.tokens", "100")), Run("muon", "small", ("budget.tokens", "100")),
            Run("adamw", "large", ("budget.tokens", "200")),
        ]);
        Assert.Empty(settings.Differences);
        Assert.Equal([new("budget.tokens", "100, 200")], settings.ByCell);
    }

    [Fact]
    public void Where_no_cell_is_shared_all_runs_are_compared()
        => Assert.Equal("z_loss",
            Assert.Single(
                SettingsComparison.Compare(
                    [Run("adamw", "a", ("z_loss", "0")), Run("muon", "b", ("z_loss", "1e-4"))]).Differences).Name);
}
