using PretrainBench.Core;

namespace PretrainBench.Studies.Tests;

public sealed class GridDesignStudyTests(SmallGrid small) : IClassFixture<SmallGrid>
{
    [Fact]
    public void Every_cell_counts_once_for_each_seed_and_trials_do_not()
    {
        var (design, search) = GridDesignStudy.Of(small.Read(), "shared", 0.002, rho: null, flopBudget: null);
        Assert.Equal(2 * 3 * 3 * 2, design.Runs);
        Assert.Null(search);
        var tuned = GridDesignStudy.Of(small.Read("tuning.trials=4"), "shared", 0.002, rho: null, flopBudget: null);
        Assert.Equal(design.Flops, tuned.Design.Flops);
    }

    [Fact]
    public void More_seeds_make_every_parameter_better_known()
    {
        var few = GridDesignStudy.Of(small.Read(), "shared", 0.002, null, null).Design;
        var many = GridDesignStudy.Of(small.Read("axes.seed=[0,1,2,3,4,5,6,7]"), "shared", 0.002, null, null).Design;
        Assert.All(few.Precision.Zip(many.Precision),
            pair => Assert.Equal(2, pair.First.StandardError / pair.Second.StandardError, 1e-6));
    }

    [Fact]
    public void The_search_stays_within_its_budget()
    {
        var grid = small.Read();
        var cost = GridDesignStudy.Of(grid, "shared", 0.002, null, null).Design.Flops;
        var search = GridDesignStudy.Of(grid, "shared", 1e-4, rho: 1.5, flopBudget: 100 * cost).Search!;
        Assert.InRange(search.MostPrecise!.Flops, 1, 100 * cost);
    }

    [Fact]
    public void One_optimizer_cannot_be_told_from_another()
    {
        var grid = small.Read("axes.optimizer=[adamw]");
        var error = Assert.Throws<UserException>(() => GridDesignStudy.Of(grid, "per-optimizer", 0.002, 1.2, null));
        Assert.Contains("two on the optimizer axis", error.Message, StringComparison.Ordinal);
    }
}
