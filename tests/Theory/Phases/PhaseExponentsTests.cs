using PretrainBench.Core;
using PretrainBench.Theory.Phases;

namespace PretrainBench.Theory.Tests.Phases;

public class PhaseExponentsTests
{
    private const double LowestIVa = .29289321881345248;

    [Theory]
    [InlineData(.75, .25, Phase.Ia, .400, .400)]
    [InlineData(1.25, .75, Phase.II, .750, .375)]
    [InlineData(1, 2, Phase.III, .750, .500)]
    [InlineData(.45, .33, Phase.Ib, .280, .500)]
    [InlineData(.4, 1, Phase.IVa, .400, .500)]
    [InlineData(.27, .7, Phase.IVb, .288, .572)]
    [InlineData(.2, 1, Phase.Ic, .233, .583)]
    [InlineData(.7, .7, Phase.II, .643, .500)]
    [InlineData(.25, 2, Phase.IVb, .318, .636)]
    public void The_table_gives_the_published_values(double alpha, double beta, Phase phase, double eta, double xi)
    {
        var exponents = PhaseExponents.At(new PowerLawPoint(alpha, beta));
        Assert.Equal(phase, exponents.Phase);
        Assert.Equal(eta, exponents.Eta, 6e-4);
        Assert.Equal(xi, exponents.Xi, 6e-4);
    }

    [Theory]
    [InlineData(.25, 1.3)]
    [InlineData(LowestIVa, 1.3)]
    [InlineData(LowestIVa, .7)]
    [InlineData(.5, .2)]
    [InlineData(.5, .9)]
    [InlineData(.9, .5)]
    [InlineData(.3, .5)]
    [InlineData(.8, .8)]
    public void Exponents_are_continuous_across_every_boundary(double alpha, double beta)
    {
        const double Step = 1e-7;
        var at = PhaseExponents.At(new PowerLawPoint(alpha, beta));
        foreach (var (da, db) in new[] { (Step, 0.0), (-Step, 0.0), (0.0, Step), (0.0, -Step) })
        {
            var near = PhaseExponents.At(new PowerLawPoint(alpha + da, beta + db));
            Assert.Equal(at.Eta, near.Eta, 1e-5);
            // At α = 1 − 1/√2 the trade-offs of IVa and IVb cost the same at different widths: the optimal width jumps.
            if (alpha != LowestIVa) Assert.Equal(at.Xi, near.Xi, 1e-5);
        }
    }

    [Fact]
    public void A_point_outside_the_theory_says_why()
    {
        var error = Assert.Throws<UserException>(() => PhaseExponents.At(new PowerLawPoint(.2, .3)));
        Assert.Contains("2(α+β) > 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("α must be above 0", new PowerLawPoint(0, 2).Problem(), StringComparison.Ordinal);
        Assert.Contains("diverges", StepSize.Problem(new PowerLawPoint(1, 1), 1000, 2, 1), StringComparison.Ordinal);
        Assert.Contains("diverges", StepSize.Problem(new PowerLawPoint(.3, 1), 1000, 2.5, 1), StringComparison.Ordinal);
        Assert.Null(StepSize.Problem(new PowerLawPoint(.75, .25), 1000, .75, 1));
    }
}
