using MathNet.Numerics;
using PretrainBench.Theory.Phases;

namespace PretrainBench.Theory.Tests.Phases;

public class IsoFlopTests
{
    public static TheoryData<double, double> TenPoints { get; } = new()
    {
        { .75, .25 }, { 1.25, .75 }, { 1, 2 }, { .45, .33 }, { .4, 1 }, { .27, .7 }, { .2, 1 }, { .7, .7 },
        { .33, .45 }, { .25, 2 },
    };

    [Theory]
    [MemberData(nameof(TenPoints))]
    public void Measured_exponents_agree_with_the_table_in_the_window(double alpha, double beta)
    {
        var point = new PowerLawPoint(alpha, beta);
        var slices = IsoFlop.Slices(point, Generate.LogSpaced(7, 10, 13), 10, .75, 1);
        var measured = MeasuredPhaseExponents.Fit(point, slices, 1e10, 1e13);
        Assert.InRange(measured.Eta, measured.Table.Eta - .02, measured.Table.Eta + .02);
        Assert.InRange(measured.Xi, measured.Table.Xi - .045, measured.Table.Xi + .045);
    }

    [Fact]
    public void Small_budgets_deviate_where_the_theory_says_finite_size()
    {
        // (.4, 1): about +.05 in η and +.13 in ξ at f ≤ 1e9.
        var point = new PowerLawPoint(.4, 1);
        var slices = IsoFlop.Slices(point, Generate.LogSpaced(7, 6, 9), 10, .75, 1);
        var measured = MeasuredPhaseExponents.Fit(point, slices, 1e6, 1e9);
        Assert.InRange(measured.Eta - .4, .03, .07);
        Assert.InRange(measured.Xi - .5, .09, .16);
    }

    [Fact]
    public void A_slice_has_its_optimum_inside()
    {
        var slice = IsoFlop.Slices(new PowerLawPoint(1, 2), [1e8], 10, .75, 1).Single();
        Assert.True(slice.OptimalLoss <= slice.Losses.Min() * (1 + 1e-9));
        Assert.InRange(slice.OptimalWidth, slice.Widths[1], slice.Widths[^2]);
    }
}
