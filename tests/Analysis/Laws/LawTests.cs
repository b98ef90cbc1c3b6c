using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Laws;

public class LawTests
{
    public static TheoryData<string> Names => [.. LawRegistry.All.Select(law => law.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_is_the_slope_of_the_prediction(string name)
    {
        var law = Fixtures.Law(name);
        double[] p = [1.8, 480, 2100, 0.35, 0.366, 0.7];
        double x1 = Math.Log(3e8), x2 = Math.Log(7e9);
        var gradient = new double[6];
        law.Gradient(At(p), x1, x2, gradient);
        for (int i = 0; i < (law.Joining != Joining.Sum ? 6 : 5); i++)
        {
            double step = 1e-6 * p[i];
            double[] up = [.. p], down = [.. p];
            (up[i], down[i]) = (p[i] + step, p[i] - step);
            double slope = (law.Predict(At(up), x1, x2) - law.Predict(At(down), x1, x2)) / (2 * step);
            Assert.Equal(slope, gradient[i], 1e-6 * Math.Max(1, Math.Abs(slope)));
        }

        static LawCoefficients At(double[] p) => new(p[0], p[1], p[2], p[3], p[4], p[5]);
    }

    [Fact]
    public void Free_parameters_are_counted_as_the_documentation_says()
        => Assert.Equal([25, 13, 9, 9, 17, 30, 14, 30, 14, 30, 14, 13, 13, 10],
            LawRegistry.All.Select(law => law.ParameterCount(5)));

    [Fact]
    public void Paying_in_flops_divides_rhoD_by_the_dearer_token()
    {
        var table = Fixtures.Synthetic(0, 1, 2);
        table = table.With([.. table.Rows.Select(row => row with
        {
            Flops = (row.Optimizer == "muon" ? 6.6 : 6.0) * row.N * row.D,
            Seconds = row.N * row.D * (row.Optimizer == "muon" ? 2e-14 : 1e-14),
        })]);
        var flops = Fitter.Fit(table, Fixtures.Law("shared-flops"));
        Assert.Equal(1.4 / 1.1, flops["muon"].RhoC, 1e-6);
        Assert.Equal(1.4, flops["muon"].RhoD, 1e-6);
        Assert.Equal(0.7, Fitter.Fit(table, Fixtures.Law("shared-seconds"))["muon"].RhoC, 1e-6);
        Assert.Equal(table.Rows[40].Loss,
            flops.Model.Predict(flops.Model.IndexOf("muon"), table.Rows[40].N, table.Rows[40].D), 1e-8);
    }

    [Fact]
    public void A_power_law_in_compute_is_recovered()
    {
        var rows = Fixtures.Synthetic(0, 1,
            2).Rows.Select(row => row with { Loss = 40 * Math.Pow(6 * row.N * row.D, -0.05) }).ToList();
        var p = Fitter.Fit(new RunTable { Rows = rows }, Fixtures.Law("kaplan"))["muon"];
        Assert.Equal(0.05, p.Alpha, 1e-8);
        Assert.Equal(40, p.A, 1e-5);
        Assert.True(double.IsNaN(p.B) && double.IsNaN(p.E));
    }

    [Fact]
    public void An_unknown_law_is_named_with_those_that_exist()
        => Assert.Contains("shared-rho-d", Assert.Throws<UserException>(() => LawRegistry.Get("chinchila")).Message);
}
