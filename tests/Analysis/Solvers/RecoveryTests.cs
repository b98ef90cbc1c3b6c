using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Tests.Solvers;

public class RecoveryTests
{
    [Theory]
    [InlineData("shared", SolverKind.LeastSquares)]
    [InlineData("shared", SolverKind.Huber)]
    [InlineData("per-optimizer", SolverKind.LeastSquares)]
    [InlineData("per-optimizer", SolverKind.Huber)]
    [InlineData("per-optimizer", SolverKind.LeastAbsoluteDeviation)]
    [InlineData("shared-free-floor", SolverKind.LeastSquares)]
    public void Without_noise_the_truth_is_recovered(string law, SolverKind solver)
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0, 1), Fixtures.Law(law),
            new() { Solver = solver, Starts = RobustStarts.FirstSolver });
        foreach (var p in fit.Parameters)
        {
            Assert.Equal(0.35, p.Alpha, 1e-6);
            Assert.Equal(0.366, p.Beta, 1e-6);
            Assert.Equal(1.8, p.E, 1e-6);
        }
        if (law != "shared") return;
        Assert.Equal(1.15, fit["muon"].RhoN, 1e-6);
        Assert.Equal(1.4, fit["muon"].RhoD, 1e-6);
        Assert.Equal(480, fit["muon"].A, 1e-2);
        Assert.Equal(2100, fit["muon"].B, 1e-1);
    }
}
