using PretrainBench.Analysis.Design;
using PretrainBench.Core;

namespace PretrainBench.Studies.Tests;

public sealed class GridDesignStudyTests(SmallGrid small) : IClassFixture<SmallGrid>
{
    // What models of a few thousand parameters might follow.
    private static readonly DesignTruth Truth = new() { A = 20, B = 20 };

    [Fact]
    public void A_truth_that_is_worse_than_guessing_is_refused()
    {
        var error = Assert.Throws<UserException>(
            () => GridDesignStudy.Of(small.Read(), "shared", new(0.002), null, null));
        Assert.Contains("more than guessing among 300 tokens (5.7)", error.Message, StringComparison.Ordinal);
        Assert.Contains("--from TABLE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cell_counts_once_for_each_seed_and_trials_do_not()
    {
        var (design, search) = GridDesignStudy.Of(
            small.Read(), "shared", new(0.002), rho: null, flopBudget: null, Truth);
        Assert.Equal(2 * 3 * 3 * 2, design.Runs);
        Assert.Null(search);
        var tuned = GridDesignStudy.Of(small.Read("tuning.trials=4"), "shared", new(0.002), rho: null, flopBudget: null,
            Truth);
        Assert.Equal(design.Flops, tuned.Design.Flops);
    }

    [Fact]
    public void More_seeds_make_every_parameter_better_known()
    {
        var few = GridDesignStudy.Of(small.Read(), "shared", new(0.002), null, null, Truth).Design;
        var many = GridDesignStudy.Of(small.Read("axes.seed=[0,1,2,3,4,5,6,7]"), "shared", new(0.002), null, null,
            Truth).Design;
        Assert.All(few.Precision.Zip(many.Precision),
            pair => Assert.Equal(2, pair.First.StandardError / pair.Second.StandardError, 1e-6));
    }

    [Fact]
    public void The_search_stays_within_its_budget()
    {
        var grid = small.Read();
        var cost = GridDesignStudy.Of(grid, "shared", new(0.002), null, null, Truth).Design.Flops;
        var search = GridDesignStudy.Of(grid, "shared", new(1e-4), rho: 1.5, flopBudget: 100 * cost, Truth).Search!;
        Assert.InRange(search.MostPrecise!.Flops, 1, 100 * cost);
    }

    [Fact]
    public void One_optimizer_cannot_be_told_from_another()
    {
        var grid = small.Read("axes.optimizer=[adamw]");
        var error = Assert.Throws<UserException>(
            () => GridDesignStudy.Of(grid, "per-optimizer", new(0.002), 1.2, null, Truth));
        Assert.Contains("two on the optimizer axis", error.Message, StringComparison.Ordinal);
    }
}
