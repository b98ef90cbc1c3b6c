using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Solvers;

public class JoinedPowersTests
{
    [Theory]
    [InlineData("shared-gamma", 0.6, SolverKind.LeastSquares)]
    [InlineData("shared-gamma", 0.6, SolverKind.Huber)]
    [InlineData("shared-interaction", 2, SolverKind.LeastSquares)]
    [InlineData("shared-interaction", 2, SolverKind.Huber)]
    [InlineData("shared-interaction", -0.4, SolverKind.LeastSquares)]
    public void A_known_law_is_recovered(string law, double shape, SolverKind solver)
    {
        var fit = Fitter.Fit(Known(Fixtures.Law(law), shape), Fixtures.Law(law), new() { Solver = solver });
        var muon = fit["muon"];
        Assert.Equal(shape, law == "shared-gamma" ? muon.Gamma : muon.Kappa, 2e-3);
        Assert.Equal(0.4, muon.Alpha, 1e-3);
        Assert.Equal(1.15, muon.RhoN, 1e-3);
        Assert.Equal(1.4, muon.RhoD, 1e-3);
        Assert.InRange(fit.Quality.ResidualDeviation, 0, 1e-6);
    }

    [Fact]
    public void They_fit_no_worse_than_the_law_that_they_contain()
    {
        foreach (var table in new[] { Fixtures.AdamWMuon(), Fixtures.Synthetic(0.002, 4) })
            foreach (var sharing in new[] { "shared", "per-optimizer" })
                foreach (var joining in new[] { "gamma", "interaction" })
                    Assert.True(Fitter.Fit(table, Fixtures.Law($"{sharing}-{joining}")).Quality.Objective
                        <= Fitter.Fit(table, Fixtures.Law(sharing)).Quality.Objective * (1 + 1e-9));
    }

    /// <summary>A simplex search over the formula itself, which knows nothing of ours, finds nothing better.</summary>
    [Theory]
    [InlineData(SolverKind.LeastSquares)]
    [InlineData(SolverKind.Huber)]
    public void An_independent_search_ends_at_the_same_objective(SolverKind solver)
    {
        var table = Fixtures.AdamWMuon();
        var fit = Fitter.Fit(table, Fixtures.Law("shared-interaction"), new() { Solver = solver, HuberDelta = 3e-3 });
        double Objective(Vector<double> x) => table.Rows.Sum(row =>
        {
            var (rhoN, rhoD) = row.Optimizer == "muon" ? (x[5], x[6]) : (1, 1);
            double u = x[1] * Math.Pow(rhoN * row.N / 3e8, -x[3]), v = x[2] * Math.Pow(rhoD * row.D / 1e10, -x[4]);
            var predicted = x[0] + u + v + x[7] * u * v;
            if (solver == SolverKind.LeastSquares) return Math.Pow(predicted - row.Loss, 2);
            var r = Math.Abs(Math.Log(predicted / row.Loss));
            return r <= 3e-3 ? 0.5 * r * r : 3e-3 * (r - 1.5e-3);
        });
        var (own, adamw) = (fit["muon"], fit["adamw"]);
        double[] end = [own.E, adamw.A * Math.Pow(3e8, -own.Alpha), adamw.B * Math.Pow(1e10, -own.Beta), own.Alpha,
            own.Beta, own.RhoN, own.RhoD, own.Kappa];
        Assert.Equal(fit.Quality.Objective, Objective(Vector<double>.Build.Dense(end)), 1e-9 * fit.Quality.Objective);
        var start = Vector<double>.Build.Dense([.. end.Select((value, i) => value * (1 + 0.02 * (i % 3 - 1)))]);
        var found = new NelderMeadSimplex(1e-9, 20000).FindMinimum(ObjectiveFunction.Value(Objective), start);
        Assert.InRange(found.FunctionInfoAtMinimum.Value, fit.Quality.Objective * (1 - 1e-6), double.PositiveInfinity);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-0.4)]
    public void Inverses_of_an_interaction_are_its_inverses(double kappa)
    {
        var law = new EffectiveLaw(1.7, 600, 1500, 0.4, 0.38, Joining.Interaction, kappa);
        var loss = law.Loss(3e8, 7e9);
        Assert.Equal(7e9, law.TokensFor(3e8, loss), 1e3);
        var (n, d) = law.Optimum(1e20, 6);
        Assert.Equal(1e20, 6 * n * d, 1e12);
        foreach (var factor in new[] { 0.98, 1.02 })
            Assert.True(law.Loss(n * factor, d / factor) > law.Loss(n, d));
        Assert.Equal(1e20, law.ComputeFor(law.Loss(n, d), 6), 1e13);
    }

    /// <summary>Figures of docs/laws.md.</summary>
    [Fact]
    public void On_eleven_optimizers_an_outer_exponent_halves_the_error_on_the_largest_size()
    {
        var options = new ComparisonOptions
        {
            Laws = ["shared", "shared-gamma", "shared-interaction"],
            Replicates = 20,
        };
        var result = LawComparison.Compare(Fixtures.ElevenOptimizers(), options);
        LawScore Of(string law) => result.Laws.Single(score => score.Law == law);
        Assert.Equal(0.0050, Of("shared-gamma").Fit.Quality.ResidualDeviation, 0.00005);
        Assert.Equal(3.4e-5, Of("shared-gamma")[HoldOutProtocol.Largest].Pooled!.MeanSquaredError, 0.05 * 3.4e-5);
    }

    [Fact]
    public void The_interval_of_gamma_is_about_as_wide_as_the_bootstraps()
    {
        var fit = Fitter.Fit(Fixtures.ElevenOptimizers(), Fixtures.Law("shared-gamma"));
        var gamma = Assert.Single(fit.Diagnostics).Gamma!;
        Assert.Equal(fit[fit.Reference].Gamma, gamma.Value);
        var drawn = Bootstrap.Run(fit, new() { Replicates = 100 }).Find(fit.Reference, "gamma")!;
        Assert.InRange(Math.Log(gamma.High / gamma.Low) / Math.Log(drawn.High / drawn.Low), 0.5, 2);
        Assert.Null(Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("shared")).Diagnostics[0].Gamma);
    }

    [Theory]
    [InlineData("shared-gamma", "gamma")]
    [InlineData("shared-interaction", "kappa")]
    public void The_shape_is_among_what_may_be_poorly_told(string law, string name)
    {
        var (own, sum) = (Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law(law)).Diagnostics[0],
            Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("shared")).Diagnostics[0]);
        Assert.Equal([.. sum.Parameters, name], own.Parameters);
        Assert.All(own.Correlations[^1].SkipLast(1), correlation => Assert.InRange(Math.Abs(correlation), 1e-6, 1));
    }

    [Fact]
    public void Absolute_deviations_are_not_fitted()
        => Assert.Contains("Huber's loss", Assert.Throws<UserException>(() => Fitter.Fit(Fixtures.AdamWMuon(),
            Fixtures.Law("shared-gamma"), new() { Solver = SolverKind.LeastAbsoluteDeviation })).Message);

    private static RunTable Known(Law law, double shape)
    {
        var table = Fixtures.Synthetic(0, 1, 2);
        return table.With([.. table.Rows.Select(row =>
        {
            var (rhoN, rhoD) = row.Optimizer == "muon" ? (1.15, 1.4) : (1.0, 1.0);
            var own = new LawCoefficients(
                1.7, 1500 * Math.Pow(rhoN, -0.4), 3000 * Math.Pow(rhoD, -0.38), 0.4, 0.38, shape);
            return row with { Loss = law.Predict(own, Math.Log(row.N), Math.Log(row.D)) };
        })]);
    }
}
