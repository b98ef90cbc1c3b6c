using System.Text.Json;
using PretrainBench.Analysis.Benchmarks;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Design;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

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
            ["optimizer", "runs", "E", "A", "B", "alpha", "beta", "rhoN", "rhoD", "rhoC", "cost_per_token_and_parameter"],
            muon.EnumerateObject().Select(property => property.Name));
        Assert.Equal(0.845, muon.GetProperty("rhoN").GetDouble(), 1e-3);
        Assert.Equal(JsonValueKind.Null, muon.GetProperty("rhoC").ValueKind);
        Assert.Equal(36, json.RootElement.GetProperty("points").GetArrayLength());
    }

    [Fact]
    public void Every_result_is_written_with_names_that_the_documentation_has()
    {
        var table = Fixtures.AdamWMuon();
        var bootstrap = Bootstrap.Run(Fit, new() { Replicates = 20 });
        object[] results =
        [
            Fit, bootstrap, ProfileIntervals.Of(Fit), LeaveOneOut.Run(Fit), Influence.Of(table, Fit),
            LawComparison.Compare(table, new() { Replicates = 20 }),
            new Forecaster(Fit, bootstrap).Run(new() { Points = [(1e9, 2e10)], Budgets = [1e21] }),
            RatioSpeedUp.Of(table, "muon", "adamw"),
            GridDesign.Evaluate(new() { Cells = [.. table.Rows.Select(row => new PlannedCell(row.Optimizer, row.N, row.D))], SeedNoise = 0.002 }),
            CheapestGrid.Search(new() { Sizes = [5e7, 1e8, 2e8], Ratios = [10, 20, 40], FlopBudget = 1e22, Rho = 1.3, SeedNoise = 0.002 }),
            new FitBenchmarkResult(2, [new("x", 1, 1, 1, 1, 1)], []),
        ];
        var documented = File.ReadAllText(Fixtures.Path("tables.md"));
        var names = new HashSet<string>();
        foreach (object result in results)
        {
            using var json = JsonDocument.Parse(AnalysisJson.Write(result));
            Collect(json.RootElement, names);
        }
        Assert.DoesNotContain(names, name => !documented.Contains($"`{name}`", StringComparison.Ordinal) && !documented.Contains($"`{name}[]`", StringComparison.Ordinal));
    }

    private static void Collect(JsonElement element, HashSet<string> names)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) Collect(item, names);
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var property in element.EnumerateObject())
        {
            names.Add(property.Name);
            Collect(property.Value, names);
        }
    }
}
