using PretrainBench.Training.Loop;

namespace PretrainBench.Training.Tests.Loop;

public class DivergenceDetectorTests
{
    private const int Vocabulary = 300, Warmup = 10;
    private static readonly double Guessing = Math.Log(Vocabulary);

    [Theory]
    [InlineData(double.NaN, 1, "the loss is NaN")]
    [InlineData(double.PositiveInfinity, 1, "the loss is")]
    [InlineData(3, double.NaN, "the gradient's norm is NaN")]
    [InlineData(3, double.PositiveInfinity, "the gradient's norm is")]
    public void A_loss_or_gradient_that_is_no_number_diverges_at_any_step(double loss, double norm, string reason)
    {
        foreach (var step in (int[])[0, Warmup, 1000])
            Assert.StartsWith(reason, new DivergenceDetector(Vocabulary, Warmup).Observe(step, loss, norm),
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_high_loss_diverges_only_after_warm_up()
    {
        var detector = new DivergenceDetector(Vocabulary, Warmup);
        for (var step = 0; step < Warmup; step++) Assert.Null(detector.Observe(step, Guessing + 5, 1));
        Assert.Contains("one nat above guessing", detector.Observe(Warmup, Guessing + 5, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.99, false)]
    [InlineData(1.01, true)]
    public void The_bound_is_one_nat_above_guessing(double above, bool diverges)
    {
        var detector = new DivergenceDetector(Vocabulary, Warmup);
        Assert.Equal(diverges, detector.Observe(Warmup, Guessing + above, 1) is not null);
    }

    [Fact]
    public void A_spike_that_the_run_recovers_from_does_not_diverge()
    {
        var detector = new DivergenceDetector(Vocabulary, firstStepWatched: 0);
        for (var step = 0; step < 50; step++)
            Assert.Null(detector.Observe(step, step == 25 ? 30 : 3, 1));
    }

    [Fact]
    public void A_loss_that_stays_high_does()
    {
        var detector = new DivergenceDetector(Vocabulary, firstStepWatched: 0);
        for (var step = 0; step < 25; step++) Assert.Null(detector.Observe(step, 3, 1));
        Assert.Contains(Enumerable.Range(25, 50), step => detector.Observe(step, 10, 1) is not null);
    }

    [Fact]
    public void The_newest_loss_counts_by_a_tenth_and_goes_on_from_a_checkpoint()
    {
        var detector = new DivergenceDetector(Vocabulary, Warmup);
        detector.Observe(0, 5, 1);
        detector.Observe(1, 4, 1);
        Assert.Equal(4.9, detector.SmoothedLoss!.Value, 1e-12);
        var restored = new DivergenceDetector(Vocabulary, Warmup) { SmoothedLoss = detector.SmoothedLoss };
        foreach (var one in (DivergenceDetector[])[detector, restored]) one.Observe(2, 3, 1);
        Assert.Equal(detector.SmoothedLoss, restored.SmoothedLoss);
    }
}
