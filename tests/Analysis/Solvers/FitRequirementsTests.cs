using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Solvers;

public class FitRequirementsTests
{
    private static string Error(RunTable table, string law, FitOptions? options = null)
        => Assert.Throws<UserException>(() => Fitter.Fit(table, Fixtures.Law(law), options)).Message;

    [Fact]
    public void What_is_missing_is_said_with_numbers()
    {
        Assert.Contains("only 'adamw'", Error(Fixtures.Synthetic(0, 1, 1), "shared"));
        Assert.Contains("there is one (1e8)",
            Error(Fixtures.Synthetic(0, 1, 2, sizes: [1e8], ratios: [5, 10, 20, 40, 80, 160]), "shared"));
        Assert.Contains("at least 6 runs; there are 4",
            Error(Fixtures.Synthetic(0, 1, 1, [1e8, 2e8], [10, 20]), "per-optimizer"));
        Assert.Contains("lengths D", Error(Fixtures.Synthetic(0, 1, 1, [1e8, 2e8, 4e8], [10]).With(
            [.. Fixtures.Synthetic(0, 1, 1, [1e8, 2e8, 4e8, 8e8], [10, 20]).Rows.Select(row => row with { D = 1e9 })]),
            "per-optimizer"));
        Assert.Contains("'flops'", Error(Fixtures.Synthetic(0, 1, 2), "shared-flops"));
        Assert.Contains("lion", Error(Fixtures.Synthetic(0, 1, 2), "shared", new() { Reference = "lion" }));
        Assert.Contains("delta", Error(Fixtures.Synthetic(0, 1, 2), "shared", new() { HuberDelta = 0 }));
    }

    [Theory]
    [InlineData(SolverKind.LeastSquares)]
    [InlineData(SolverKind.Huber)]
    [InlineData(SolverKind.LeastAbsoluteDeviation)]
    public void Losses_that_do_not_depend_on_anything_give_no_exponents_but_a_warning(SolverKind solver)
    {
        var table = Fixtures.Synthetic(0, 1, 1);
        var constant = table.With([.. table.Rows.Select(row => row with { Loss = 3 })]);
        var fit = Fitter.Fit(constant, Fixtures.Law("per-optimizer"),
            new() { Solver = solver, Starts = RobustStarts.FirstSolver });
        Assert.All(fit.Points, point => Assert.Equal(3, point.Predicted, 1e-4));
        Assert.NotEmpty(fit.Findings);
        Assert.Contains(fit.Findings, finding => finding.Severity == Severity.Warning);
    }

    [Fact]
    public void Losses_that_grow_with_size_are_not_given_a_negative_coefficient()
    {
        var table = Fixtures.Synthetic(0, 1, 1);
        var rising = table.With(
            [.. table.Rows.Select(row => row with { Loss = 2 + 1e-9 * row.N + 100 / Math.Pow(row.D, 0.3) })]);
        var fit = Fitter.Fit(rising, Fixtures.Law("per-optimizer"));
        Assert.Equal(0, fit.Parameters[0].A);
        Assert.True(double.IsNaN(fit.Parameters[0].Alpha));
        Assert.Contains(fit.Findings, finding => finding.Code == "no-effect");
    }

    [Fact]
    public void One_ratio_of_tokens_to_parameters_is_warned_about()
    {
        double[] sizes = [.. Enumerable.Range(0, 8).Select(i => 5e7 * Math.Pow(2, i))];
        var fit = Fitter.Fit(Fixtures.Synthetic(0.001, 1, 1, sizes, [20]), Fixtures.Law("per-optimizer"));
        Assert.Contains(fit.Findings, finding => finding.Code == "fixed-ratio");
    }
}
