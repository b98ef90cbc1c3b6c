using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Forecasting;

public class AveragedFormsTests
{
    [Fact]
    public void Losses_and_shares_are_weighted_means_and_their_intervals_hold_every_form_of_weight()
    {
        var table = Fixtures.AdamWMuon();
        var options = new BootstrapOptions { Replicates = 200 };
        var fit = Fitter.Fit(table, Fixtures.Law("shared"));
        var forms = AveragedForms.Of(table, fit, options);
        var fits = forms.Weights.Select(form => Fitter.Fit(table, Fixtures.Law(form.Law))).ToList();
        Assert.Equal(1, forms.Weights.Sum(form => form.Weight), 1e-12);
        Assert.Equal("shared-interaction", forms.Weights[0].Law);
        Assert.Equal(Math.Exp((forms.Weights[0].Aicc - forms.Weights[1].Aicc) / 2),
            forms.Weights[1].Weight / forms.Weights[0].Weight, 1e-9);
        Assert.DoesNotContain(forms.Weights, form => form.Law is "kaplan" or "per-optimizer" or "shared-repeated");

        const double n = 1e10, d = 1e11;
        var average = new Forecaster(fit, Bootstrap.Run(fit, options))
            .Run(new() { Points = [(n, d)], BeyondRange = true }, forms).Average!;
        var muon = average.Points.Single(point => point.Optimizer == "muon");
        Assert.Equal(forms.Weights.Zip(fits, (form, own) => form.Weight
            * own.Model.Predict(own.Model.IndexOf("muon"), n, d)).Sum(), muon.Loss.Value, 1e-9);
        Assert.InRange(muon.Share!.Value, muon.Share.Low, muon.Share.High);
        Assert.Null(average.Points.Single(point => point.Optimizer == "adamw").Share);
        Assert.All(forms.Weights.Zip(fits).Where(form => form.First.Weight > 0.1), form => Assert.InRange(
            form.Second.Model.Predict(form.Second.Model.IndexOf("muon"), n, d), muon.Loss.Low, muon.Loss.High));
    }

    [Fact]
    public void Forms_without_weight_are_left_out_and_no_average_is_made_unasked()
    {
        var table = Fixtures.ElevenOptimizers();
        var fit = Fitter.Fit(table, Fixtures.Law("shared"));
        var forms = AveragedForms.Of(table, fit, new() { Replicates = 40 });
        Assert.DoesNotContain(forms.Weights, form => form.Law == "shared");
        Assert.True(forms.Weights[0] is { Law: "shared-gamma", Weight: > 0.9 });
        var alone = new Forecaster(fit, Bootstrap.Run(fit, new() { Replicates = 40 })).Run(new());
        Assert.Null(alone.Average);
    }
}
