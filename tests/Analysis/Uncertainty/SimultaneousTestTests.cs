using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Uncertainty;

public class SimultaneousTestTests
{
    /// <summary>
    /// Ten quantities that are all zero: some one is called different in 5 % of 2,000 cases, within four standard
    /// errors.
    /// </summary>
    [Fact]
    public void With_no_difference_anywhere_something_is_found_at_the_nominal_rate()
    {
        var random = new Random(3);
        const int Cases = 2000, Quantities = 10, Draws = 400;
        var found = 0;
        for (var c = 0; c < Cases; c++)
        {
            double[] estimates = [.. Enumerable.Range(0, Quantities).Select(_ => Fixtures.Gaussian(random))];
            var draws = estimates.Select(estimate => Enumerable.Range(0, Draws)
                .Select(_ => estimate + Fixtures.Gaussian(random)).ToArray()).ToList();
            if (SimultaneousTest.Differ(estimates, draws, 0.95).Any(differs => differs)) found++;
        }
        Assert.InRange(found / (double)Cases, 0.03, 0.07);
    }

    [Fact]
    public void A_large_difference_is_found_among_others_and_what_has_no_number_is_not()
    {
        var random = new Random(4);
        double[] estimates = [8, 0.1, double.NaN];
        var draws = estimates.Select(estimate => Enumerable.Range(0, 400)
            .Select(_ => estimate + Fixtures.Gaussian(random)).ToArray()).ToList();
        Assert.Equal([true, false, false], SimultaneousTest.Differ(estimates, draws, 0.95));
    }
}
