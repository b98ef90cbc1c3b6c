using PretrainBench.Core;
using PretrainBench.Theory.RandomFeatures;

namespace PretrainBench.Theory.Tests.RandomFeatures;

public class FeatureProblemTests
{
    private const int Size = 16;

    internal static FeatureProblem Problem(int size = Size, int targets = 3, int latents = 44, double s = 1)
        => FeatureProblem.Create(
            new NormalSource(1, "w").Normals(size * latents), size,
            new NormalSource(1, "t").Normals(targets * latents), targets, s);

    [Fact]
    public void The_loss_is_the_one_of_the_definition()
    {
        const int Latents = 7;
        double[] sketch = new NormalSource(1, "w").Normals(2 * Latents),
        target = new NormalSource(1, "t").Normals(Latents);
        using var problem = FeatureProblem.Create(sketch, 2, target, 1, 1.5);
        using var runner = new IteratedOptimizer(problem, FeatureOptimizer.AdamLike, 0);
        // One Adam-like step from 0 is η sign(b); its loss by the definition (Wᵀθ − w)ᵀΛ(Wᵀθ − w).
        double measured = runner.Losses([.05], [false], 1, 1)[0][0];
        var theta = new double[2];
        for (int i = 0; i < 2; i++)
        {
            double slope = Enumerable.Range(0, Latents)
                .Sum(k => Math.Pow(k + 1, -1.5) * sketch[i * Latents + k] * target[k]);
            theta[i] = .05 * Math.Sign(slope);
        }

        double expected = Enumerable.Range(0, Latents).Sum(k =>
            Math.Pow(k + 1, -1.5) * Math.Pow(theta[0] * sketch[k] + theta[1] * sketch[Latents + k] - target[k], 2));
        Assert.Equal(expected, measured, 1e-10);
    }

    [Theory]
    [InlineData(FeatureOptimizer.GradientDescent)]
    [InlineData(FeatureOptimizer.NaturalGradient)]
    [InlineData(FeatureOptimizer.UndampedNaturalGradient)]
    public void Exact_and_iterated_agree_where_both_apply(FeatureOptimizer optimizer)
    {
        using var problem = Problem();
        var spectrum = problem.Decompose();
        using var runner = new IteratedOptimizer(problem, optimizer, .01);
        double[] rates = [.1, .7, 1.5];
        // The iterated rule knows λ_max by power iteration; the closed form takes the same unit here.
        double unit = optimizer == FeatureOptimizer.GradientDescent ? runner.RateUnit * spectrum.Largest : 1;
        double[][] exact = spectrum.Losses(optimizer, .01, [.. rates.Select(rate => rate * unit)], 12);
        double[][] iterated = runner.Losses(rates, [false], 12, 3);
        for (int target = 0; target < 3; target++)
            for (int rate = 0; rate < rates.Length; rate++)
                Assert.Equal(1, iterated[target][rate] / exact[target][rate], 1e-8);
        Assert.InRange(unit, .99, 1);
    }

    [Fact]
    public void Many_steps_reach_the_irreducible_loss()
    {
        using var problem = Problem();
        var spectrum = problem.Decompose();
        double[][] losses = spectrum.Losses(FeatureOptimizer.GradientDescent, 0, [1], 10_000_000);
        for (int target = 0; target < 3; target++) Assert.Equal(spectrum.Irreducible[target], losses[target][0], 1e-8);
        double[][] solved = spectrum.Losses(FeatureOptimizer.UndampedNaturalGradient, 0, [1], 1);
        Assert.Equal(spectrum.Irreducible[0], solved[0][0], 1e-12);
        Assert.True(spectrum.Irreducible[0] > 0);
    }

    [Fact]
    public void The_unreachable_share_falls_with_the_budget_and_ends_at_zero()
    {
        using var problem = Problem();
        var spectrum = problem.Decompose();
        Assert.Equal(0, spectrum.UnreachableShare(1, 100_000_000, 0));
        Assert.InRange(spectrum.UnreachableShare(1, 2, 0), .2, 1);
    }

    [Theory]
    [InlineData(FeatureOptimizer.Diagonal)]
    [InlineData(FeatureOptimizer.Kronecker)]
    [InlineData(FeatureOptimizer.AdamLike)]
    [InlineData(FeatureOptimizer.ShampooLike)]
    [InlineData(FeatureOptimizer.MatrixSign)]
    public void Every_iterated_optimizer_learns_and_never_beats_the_irreducible_loss(FeatureOptimizer optimizer)
    {
        using var problem = Problem();
        var spectrum = problem.Decompose();
        using var runner = new IteratedOptimizer(problem, optimizer, .01);
        double[] losses = runner.Losses(
            IteratedOptimizer.IsLinear(optimizer) ? LearningRates.Linear : LearningRates.Scaled,
            LearningRates.Decays, 12, 3)[0];
        Assert.InRange(losses.Min(), spectrum.Irreducible[0], .8 * problem.TargetVariances[0]);
    }

    [Fact]
    public void One_shampoo_step_is_one_matrix_sign_step()
    {
        // (GGᵀ)^−¼ G (GᵀG)^−¼ = UVᵀ.
        using var problem = Problem();
        using var shampoo = new IteratedOptimizer(problem, FeatureOptimizer.ShampooLike, 0);
        using var sign = new IteratedOptimizer(problem, FeatureOptimizer.MatrixSign, 0);
        double[] left = shampoo.Losses([.1, 1], [false], 1, 1)[0], right = sign.Losses([.1, 1], [false], 1, 1)[0];
        Assert.Equal(1, left[0] / right[0], 1e-6);
        Assert.Equal(1, left[1] / right[1], 1e-6);
    }
}
