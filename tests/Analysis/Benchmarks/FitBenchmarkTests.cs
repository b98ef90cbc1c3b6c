using PretrainBench.Analysis.Benchmarks;
using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Tests.Benchmarks;

public class FitBenchmarkTests
{
    [Fact]
    public void The_made_up_tables_have_the_runs_and_optimizers_asked_for_and_can_be_fitted()
    {
        var table = FitBenchmark.MadeUp(5, 125);
        Assert.Equal(125, table.Rows.Count);
        Assert.Equal(5, table.Optimizers.Count);
        var fit = Fitter.Fit(table, Fixtures.Law("shared"), new() { Reference = "o0" });
        Assert.Equal(1.6, fit["o4"].RhoD, 0.1);
        Assert.Equal(1.2, fit["o4"].RhoN, 0.1);
    }
}
