namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>Every matrix rule can be told how large its updates are.</summary>
public class UpdateRmsTests
{
    public static TheoryData<string> MatrixRules
        => new(Known);

    private static IEnumerable<string> Known
        => RegisteredRules.All.Where(name => RuleRegistry.Get(name).Defaults() is MatrixRuleOptions);

    [Fact]
    public void There_are_such_rules_and_the_known_ones_are_among_them()
        => Assert.Superset(new HashSet<string> { "muon", "normuon", "dion", "dion2", "soap", "shampoo", "kl-shampoo" },
            Known.ToHashSet());

    [Theory]
    [MemberData(nameof(MatrixRules))]
    public void Updates_have_the_size_that_was_asked_for(string rule)
    {
        var options = (MatrixRuleOptions)RuleRegistry.Get(rule).Defaults() with
        {
            UpdateRms = 0.3,
            LearningRate = 0.01,
            WeightDecay = 0,
        };
        foreach (var bundled in (bool[])[false, true])
        {
            using var trial = Trial.OfShapes(options with { Bundled = bundled },
                [24, 10], [24, 10], [10, 24], [12, 12]);
            // Beyond SOAP's bias correction, which its reference multiplies the normalised update by.
            trial.Run(0, 80);
            var before = trial.Values();
            trial.Run(80, 81);
            foreach (var (old, now) in before.Zip(trial.Values()))
            {
                var rate = 0.01 / (1 + 0.1 * 80);
                var rms = Math.Sqrt(old.Zip(now, (a, b) => (a - b) * (a - b)).Average()) / rate;
                // Newton–Schulz leaves singular values between .7 and 1.2.
                Assert.InRange(rms, 0.3 * 0.7, 0.3 * 1.2);
            }
        }
    }

    [Theory]
    [MemberData(nameof(MatrixRules))]
    public void AdamW_beside_it_has_the_same_learning_rate(string rule)
        => Assert.Equal(1, ((MatrixRuleOptions)RuleRegistry.Get(rule).Defaults() with { UpdateRms = 0.2 })
            .CompanionLearningRateRatio);
}
