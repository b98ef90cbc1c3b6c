using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Design;

namespace PretrainBench.Analysis.Tests.Design;

public class DesignReachTests
{
    [Fact]
    public void A_whole_grid_fits_both_laws_and_tests_them_in_every_way()
    {
        var reach = Reach(["adamw", "muon"], [1e6, 2e6, 4e6, 8e6], [5, 10, 20], seeds: 2);
        Assert.All(reach.Laws, law => Assert.Null(law.Problem));
        Assert.All(reach.Laws, law => Assert.Empty(law.Untested));
        Assert.Equal((false, 24), (reach.OneRatio, reach.NoiseFreedom));
    }

    [Fact]
    public void Three_sizes_leave_two_when_one_is_held_out_and_no_seed_leaves_no_noise()
    {
        var reach = Reach(["adamw", "muon"], [1e6, 2e6, 4e6], [5, 10, 20], seeds: 1);
        Assert.All(reach.Laws, law => Assert.Null(law.Problem));
        Assert.All(reach.Laws, law => Assert.Contains(HoldOutProtocol.LeaveOneSizeOut, law.Untested));
        Assert.All(reach.Laws, law => Assert.DoesNotContain(HoldOutProtocol.LeaveOneRunOut, law.Untested));
        Assert.Equal(0, reach.NoiseFreedom);
    }

    [Fact]
    public void What_is_missing_is_what_a_fit_would_say()
    {
        var reach = Reach(["adamw"], [1e6, 2e6, 4e6, 8e6, 16e6, 32e6], [20], seeds: 1);
        Assert.True(reach.OneRatio);
        Assert.Equal(["per-optimizer", "shared"], reach.Laws.Select(law => law.Law));
        Assert.Null(reach.Laws[0].Problem);
        Assert.Contains("compares optimizers", reach.Laws[1].Problem, StringComparison.Ordinal);
        Assert.Contains("different sizes", Reach(["adamw"], [1e6], [1, 2, 3, 4, 5, 6], seeds: 1).Laws[0].Problem,
            StringComparison.Ordinal);
    }

    private static DesignReach Reach(string[] optimizers, double[] sizes, double[] ratios, int seeds)
        => DesignReach.Of([.. from optimizer in optimizers from n in sizes from ratio in ratios
                              select new PlannedCell(optimizer, n, n * ratio, seeds)]);
}
