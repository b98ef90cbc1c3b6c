using PretrainBench.Theory.RandomFeatures;

namespace PretrainBench.Theory.Tests.RandomFeatures;

/// <summary>The calibrated definition at full size with PRETRAINBENCH_SLOW=1 (five CPU minutes), at sizes up to 256
/// otherwise.</summary>
public class PublishedPairTests
{
    public static TheoryData<bool> Sizes { get; } =
        Environment.GetEnvironmentVariable("PRETRAINBENCH_SLOW") == "1" ? new() { false, true } : new() { false };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_published_pair_and_order_appear(bool fullSize)
    {
        var config = fullSize
            ? new RandomFeaturesConfig()
            : new RandomFeaturesConfig
            {
                Sizes = [32, 64, 128, 256],
                Sketches = 4,
                IteratedSketches = 2,
                Resamples = 200,
            };
        var result = RandomFeaturesLab.Run(config);
        FeatureGap Gap(FeatureOptimizer optimizer, double s)
            => result.Gaps.Single(g => g.Sketch == "dense" && g.Optimizer == optimizer && g.SpectralIndex == s);
        FeatureExponent Of(FeatureOptimizer optimizer, double s)
            => result.Exponents.Single(e => e.Sketch == "dense" && e.Optimizer == optimizer && e.SpectralIndex == s);

        if (fullSize)
        {
            Assert.InRange(Of(FeatureOptimizer.GradientDescent, 1).Alpha.Value, .105, .135);
            Assert.InRange(Of(FeatureOptimizer.NaturalGradient, 1).Alpha.Value, .29, .33);
            Assert.InRange(Gap(FeatureOptimizer.NaturalGradient, 1).Ratio.Value, 2.4, 2.8);
            Assert.Equal(1.5,
                config.SpectralIndices.MaxBy(s => Gap(FeatureOptimizer.NaturalGradient, s).Difference.Value));
        }

        Assert.InRange(result.DiagnosticRankCorrelation, .9, 1);
        foreach (double s in config.SpectralIndices)
        {
            var (descent, natural) =
                (Of(FeatureOptimizer.GradientDescent, s).Alpha, Of(FeatureOptimizer.NaturalGradient, s).Alpha);
            Assert.True(natural.High >= descent.Low);
            foreach (var optimizer in new[] { FeatureOptimizer.AdamLike, FeatureOptimizer.ShampooLike,
                    FeatureOptimizer.MatrixSign })
            {
                // The order, within intervals: at s = .5 all are tied.
                Assert.True(natural.High >= Of(optimizer, s).Alpha.Low,
                    $"{optimizer} above the natural gradient at s = {s}");
                Assert.True(Of(optimizer, s).Alpha.High >= descent.Low,
                    $"{optimizer} below gradient descent at s = {s}");
            }
        }
    }
}
