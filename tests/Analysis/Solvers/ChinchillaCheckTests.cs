using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Tests.Solvers;

/// <summary>The published refit of Hoffmann et al.'s law (Besiroglu et al., arXiv 2404.10102) and its
/// neighbours.</summary>
public class ChinchillaCheckTests
{
    private static LawFit Fit(FitOptions options, bool all = false)
        => Fitter.Fit(all ? Fixtures.Chinchilla() : Fixtures.Chinchilla240(), Fixtures.Law("per-optimizer"), options);

    [Theory]
    [InlineData(RobustStarts.FirstSolver)]
    [InlineData(RobustStarts.Grid)]
    public void Huber_reaches_the_known_optimum_by_either_route(RobustStarts starts)
    {
        var fit = Fit(new() { Solver = SolverKind.Huber, Starts = starts });
        var p = fit.Parameters[0];
        Assert.InRange(fit.Quality.Objective, 1.0182740e-3, 1.0182741e-3);
        Assert.Equal(0.3473105, p.Alpha, 5e-6);
        Assert.Equal(0.3671724, p.Beta, 5e-6);
        Assert.Equal(1.817218, p.E, 5e-6);
        Assert.Equal(477.826, p.A, 0.5);
        Assert.Equal(2143.418, p.B, 2.0);
        Assert.True(fit.Diagnostics[0].Converged);
    }

    [Fact]
    public void Many_starts_end_in_poor_optima_and_those_that_agree_are_counted()
    {
        var report = Fit(new() { Solver = SolverKind.Huber, Starts = RobustStarts.Grid }).Diagnostics[0];
        Assert.Equal(4500, report.Starts);
        Assert.InRange(report.AgreeingStarts, 450, 4000);
    }

    [Fact]
    public void Delta_to_zero_gives_the_published_parameters()
    {
        var p = Fit(
            new() { Solver = SolverKind.LeastAbsoluteDeviation, Starts = RobustStarts.FirstSolver }).Parameters[0];
        Assert.Equal(0.3478, p.Alpha, 1e-4);
        Assert.Equal(0.3659, p.Beta, 1e-4);
        Assert.Equal(1.8169, p.E, 1e-4);
        Assert.Equal(482.01, p.A, 1.0);
        Assert.Equal(2085.43, p.B, 4.0);
    }

    [Fact]
    public void Five_points_move_beta_by_nine_hundredths()
    {
        var fit = Fit(new() { Solver = SolverKind.Huber, Starts = RobustStarts.FirstSolver }, all: true);
        Assert.Equal(1.826010523e-3, fit.Quality.Objective, 1e-9);
        Assert.Equal(0.34931, fit.Parameters[0].Alpha, 1e-5);
        Assert.Equal(0.45305, fit.Parameters[0].Beta, 1e-5);
    }
}
