using System.Text.Json;
using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Tests;

public class AnalysisJsonTests
{
    private static readonly LawFit Fit = Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("shared"));

    [Fact]
    public void Parameters_have_their_symbols_and_what_does_not_exist_is_null()
    {
        using var json = JsonDocument.Parse(AnalysisJson.Write(Fit));
        Assert.Equal("least-squares", json.RootElement.GetProperty("solver").GetString());
        var muon = json.RootElement.GetProperty("parameters")[1];
        Assert.Equal(
            ["optimizer", "runs", "E", "A", "B", "alpha", "beta", "gamma", "kappa", "repeat_constant", "rhoN",
                "rhoD", "rhoC", "cost_per_token_and_parameter"],
            muon.EnumerateObject().Select(property => property.Name));
        Assert.Equal(0.845, muon.GetProperty("rhoN").GetDouble(), 1e-3);
        Assert.Equal(JsonValueKind.Null, muon.GetProperty("rhoC").ValueKind);
        Assert.Equal(36, json.RootElement.GetProperty("points").GetArrayLength());
    }
}
