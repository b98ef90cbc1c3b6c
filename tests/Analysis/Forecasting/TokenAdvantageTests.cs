using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Tests.Forecasting;

public class TokenAdvantageTests
{
    [Fact]
    public void Without_noise_the_share_reaches_the_reference_loss_at_the_tokens_it_says()
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0, 1), LawRegistry.Get("shared"));
        foreach (string name in new[] { "muon", "scion", "shampoo", "soap" })
        {
            int o = fit.Model.IndexOf(name);
            double share = TokenAdvantage.ShareOf(fit.Model, o, 2e8, 4e9);
            double loss = fit.Model.Predict(o, 2e8, 4e9);
            Assert.Equal(loss, fit.Model.Predict(fit.Model.Reference, 2e8, 4e9 / share), 9);
        }
    }

    [Fact]
    public void With_rho_N_of_one_the_share_is_one_over_rho_D_at_every_scale()
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0, 1, optimizers: 2), LawRegistry.Get("shared-rho-d"));
        int muon = fit.Model.IndexOf("muon");
        foreach (double n in new[] { 1e7, 1e9, 1e11 })
        {
            Assert.Equal(1 / fit["muon"].RhoD, TokenAdvantage.ShareOf(fit.Model, muon, n, 20 * n), 9);
        }
    }

    [Fact]
    public void A_loss_that_the_reference_never_reaches_has_share_zero()
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0, 1), LawRegistry.Get("shared"));
        // rhoN of soap is 1.2: with enough tokens it ends below what adamw can reach at the same N.
        Assert.Equal(0, TokenAdvantage.ShareOf(fit.Model, fit.Model.IndexOf("soap"), 1e8, 1e15));
    }

    [Fact]
    public void Optimal_N_and_D_spend_the_budget_and_have_the_least_loss()
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0, 1), LawRegistry.Get("shared"));
        int muon = fit.Model.IndexOf("muon");
        var best = BudgetOptimum.Place(fit.Model, muon, 1e20);
        Assert.Equal(1e20, 6 * best.N * best.D, 1e10);
        double least = fit.Model.Predict(muon, best.N, best.D);
        Assert.All(new[] { 0.5, 0.9, 1.1, 2.0 },
            f => Assert.True(fit.Model.Predict(muon, best.N * f, best.D / f) > least));
    }
}
