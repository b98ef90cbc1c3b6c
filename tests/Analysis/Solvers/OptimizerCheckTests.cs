using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Tests.Solvers;

/// <summary>Real losses of two optimizers (Wen et al., arXiv 2509.02046).</summary>
public class OptimizerCheckTests
{
    [Fact]
    public void Shared_law_by_least_squares_gives_the_known_values()
    {
        var fit = Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("shared"));
        var muon = fit["muon"];
        Assert.Equal(0.1645, muon.Alpha, 5e-5);
        Assert.Equal(0.2679, muon.Beta, 5e-5);
        Assert.Equal(1.770, muon.E, 5e-4);
        Assert.Equal(0.845, muon.RhoN, 5e-4);
        Assert.Equal(1.73, muon.RhoD, 5e-3);
        Assert.Equal(1, fit["adamw"].RhoN);
        Assert.Equal("adamw", fit.Reference);
        Assert.Equal(7, fit.FreeParameters);
    }
}
