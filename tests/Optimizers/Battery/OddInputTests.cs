namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>Every rule survives unusual shapes, and gradients that are zero, missing or tiny.</summary>
public class OddInputTests
{
    private static readonly long[][] Shapes =
        [[0], [0, 4], [4, 0], [1], [5], [1, 1], [1, 7], [7, 1], [4, 3], [3, 1, 5], [2, 3, 4], [2, 3, 2, 2]];

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Handles_odd_shapes(string rule)
        => AssertFinite(Trial.OfShapes(Defaults(rule), Shapes).Run(0, 25), moves: true);

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Zero_gradients_give_no_nan(string rule)
        => AssertFinite(Trial.OfShapes(Defaults(rule), Shapes).Run(0, 25, scale: 0), moves: false);

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Tiny_gradients_give_no_nan(string rule)
        => AssertFinite(Trial.OfShapes(Defaults(rule), Shapes).Run(0, 25, scale: 1e-25), moves: false);

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void A_parameter_without_gradient_is_left_alone(string rule)
    {
        using var trial = Trial.OfShapes(Defaults(rule), [4, 3], [5]);
        var before = trial.Values();
        for (var t = 0; t < 12; t++) trial.Optimizer.Step(new OptimizerStep(t, 1));

        Assert.Equal(before, trial.Values());
    }

    private static RuleOptions Defaults(string rule) => RuleRegistry.Get(rule).Defaults();

    private static void AssertFinite(Trial trial, bool moves)
    {
        using (trial)
        {
            Assert.All(trial.Values().SelectMany(values => values), value => Assert.True(double.IsFinite(value)));
            if (!moves) return;
            using var still = Trial.OfShapes(trial.Optimizer.Rules[0].Options, Shapes);
            foreach (var (after, before) in trial.Values().Zip(still.Values()).Where(pair => pair.First.Length > 0))
                Assert.NotEqual(before, after);
        }
    }
}
