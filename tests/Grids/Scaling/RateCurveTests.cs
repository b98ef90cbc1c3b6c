using PretrainBench.Grids.Scaling;

namespace PretrainBench.Grids.Tests.Scaling;

public class RateCurveTests
{
    private static readonly double[] Rates = [1e-3, 2e-3, 4e-3, 8e-3];

    [Fact]
    public void A_parabola_in_log_rate_is_found_again_at_its_bottom_and_everywhere()
    {
        var curve = new RateCurve(Rates, [.. Rates.Select(Loss)]);
        var (rate, loss) = curve.Best();
        Assert.Equal(3e-3, rate, 1e-9);
        Assert.Equal(2, loss, 1e-9);
        foreach (var between in new[] { 1e-3, 1.3e-3, 2.5e-3, 5e-3, 8e-3 })
            Assert.Equal(Loss(between), curve.At(between)!.Value, 1e-9);

        static double Loss(double rate) => 2 + 0.1 * Math.Pow(Math.Log(rate / 3e-3), 2);
    }

    [Fact]
    public void Beyond_the_ladder_nothing_is_known()
    {
        var curve = new RateCurve(Rates, [3, 2, 2.5, 4]);
        Assert.Null(curve.At(0.9e-3));
        Assert.Null(curve.At(8.1e-3));
        Assert.Equal(3, curve.At(1e-3));
    }

    [Fact]
    public void A_best_rung_on_the_edge_or_beside_a_diverged_one_is_taken_as_it_is()
    {
        Assert.Equal((1e-3, 1.0), new RateCurve(Rates, [1, 2, 3, 4]).Best());
        var diverged = new RateCurve(Rates, [3, 2, 2.5, double.PositiveInfinity]);
        Assert.Equal(double.PositiveInfinity, diverged.At(6e-3));
        Assert.Equal((4e-3, 1.5),
            new RateCurve(Rates, [3, 2, 1.5, double.PositiveInfinity]).Best());
        Assert.Equal((5e-3, 1.0), new RateCurve([5e-3], [1]).Best());
    }
}
