using PretrainBench.Core;
using PretrainBench.Theory.RandomFeatures;

namespace PretrainBench.Theory.Tests.RandomFeatures;

public class RandomFeaturesLabTests
{
    // M as in the calibrated definition, the sizes up to an eighth: the exponents are those of the definition's small
    // half.
    private static readonly RandomFeaturesConfig Small = new()
    {
        SpectralIndices = [.5, 1, 1.5],
        Sizes = [32, 64, 128, 256],
        LatentRatio = 22,
        Sketches = 3,
        Targets = 16,
        IteratedSketches = 2,
        IteratedTargets = 2,
        Resamples = 100,
    };

    private static readonly RandomFeaturesResult Result = RandomFeaturesLab.Run(Small);

    [Fact]
    public void Preconditioning_is_steeper_and_the_natural_gradient_the_steepest()
    {
        foreach (var gap in Result.Gaps.Where(gap => gap.Sketch == "dense"))
        {
            if (gap.Optimizer is FeatureOptimizer.NaturalGradient && gap.SpectralIndex >= 1)
                Assert.True(gap.Difference.Low > 0);
            Assert.True(gap.ToNatural.High >= 0 || gap.Optimizer == FeatureOptimizer.UndampedNaturalGradient);
        }
    }

    [Fact]
    public void Gradient_descents_exponent_grows_with_the_step_budget_to_the_natural_gradients()
    {
        double[] descent = [.. Budgets(FeatureOptimizer.GradientDescent)],
        natural = [.. Budgets(FeatureOptimizer.NaturalGradient)];
        Assert.All(descent.Zip(descent.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.True(natural[0] - descent[0] > 5 * Math.Abs(natural[^1] - descent[^1]));
    }

    [Fact]
    public void Undamped_the_exponent_rises_with_s()
    {
        double[] undamped =
            [.. Result.ByDamping.Where(e => e.Damping == 0).OrderBy(e => e.SpectralIndex).Select(e => e.Alpha.Value)];
        Assert.Equal(3, undamped.Length);
        Assert.All(undamped.Zip(undamped.Skip(1)), pair => Assert.True(pair.Second > pair.First));
    }

    [Fact]
    public void In_a_sparse_sketch_the_diagonal_helps()
    {
        FeatureGap Diagonal(string sketch)
            => Result.Gaps.Single(g => g.Sketch == sketch && g.Optimizer == FeatureOptimizer.Diagonal
                && g.SpectralIndex == 1.5);
        Assert.True(Diagonal("sparse").Difference.Value > 0.01);
        Assert.True(Diagonal("sparse").Difference.Value > Diagonal("dense").Difference.Value);
    }

    [Fact]
    public void The_unreachable_share_ranks_the_gap() => Assert.InRange(Result.DiagnosticRankCorrelation, .8, 1);

    [Fact]
    public void Intervals_hold_their_value_and_no_best_rate_of_gradient_descent_is_on_the_edge()
    {
        Assert.All(Result.Exponents, e => Assert.InRange(e.Alpha.Value, e.Alpha.Low - 1e-12, e.Alpha.High + 1e-12));
        Assert.All(Result.Exponents.Where(e => e.Optimizer == FeatureOptimizer.GradientDescent),
            e => Assert.False(e.RateOnEdge));
    }

    [Fact]
    public void Tables_do_not_depend_on_the_number_of_threads()
    {
        var tiny = Small with
        {
            Sizes = [16, 32, 64],
            LatentRatio = 3,
            SpectralIndices = [1],
            Sketches = 2,
            Targets = 2,
        };
        LabParallel.Workers = 4;
        string[] many = [.. RandomFeaturesLab.Run(tiny).Tables().Select(table => table.ToCsv())];
        LabParallel.Workers = 1;
        Assert.Equal(many, RandomFeaturesLab.Run(tiny).Tables().Select(table => table.ToCsv()));
    }

    [Fact]
    public void The_page_stands_alone() => LabPages.StandsAlone(RandomFeaturesReport.ToHtml(Result));

    [Fact]
    public void Sketches_have_their_shape()
    {
        double[] sparse = Sketches.Sparse(Small, 32, 0), dense = Sketches.Dense(Small, 32, 0);
        Assert.All(Enumerable.Range(0, 32), row =>
            Assert.Equal(4, sparse.Skip(row * Small.Latents).Take(Small.Latents).Count(w => w != 0)));
        Assert.Equal(1.0 / 32, dense.Average(w => w * w), 1e-3);
        Assert.Equal(1.0 / 32, sparse.Average(w => w * w), 1.0 / 64);
    }

    public static TheoryData<RandomFeaturesConfig, string> BadConfigurations { get; } = new()
    {
        { new RandomFeaturesConfig { LatentRatio = .5 }, "N > M" },
        { new RandomFeaturesConfig { Steps = 0 }, "T = 0" },
        { new RandomFeaturesConfig { Sizes = [64, 32, 16] }, "must rise" },
        { new RandomFeaturesConfig { SpectralIndices = [0] }, "s must be above 0" },
        { new RandomFeaturesConfig { Sketches = 1 }, "two sketches" },
        { new RandomFeaturesConfig { Damping = -1 }, "negative" },
    };

    [Theory]
    [MemberData(nameof(BadConfigurations))]
    public void Parameters_that_cannot_be_used_say_which_condition_failed(RandomFeaturesConfig config, string part)
        => Assert.Contains(part, Assert.Throws<UserException>(() => RandomFeaturesLab.Run(config)).Message,
            StringComparison.Ordinal);

    private static IEnumerable<double> Budgets(FeatureOptimizer optimizer)
        => Result.ByBudget.Where(e => e.Optimizer == optimizer && e.SpectralIndex == 1).OrderBy(e => e.Steps)
            .Select(e => e.Alpha.Value);
}
