using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Benchmarks;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Design;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tests;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Reports.Tests;

/// <summary>The names in JSON against the pages that list them.</summary>
public partial class ResultNamesTests
{
    private static readonly LawFit Fit = Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("shared"));

    [Fact]
    public void Every_name_of_every_result_is_documented_and_every_documented_name_exists()
    {
        var table = Fixtures.AdamWMuon();
        var bootstrap = Bootstrap.Run(Fit, new() { Replicates = 20 });
        var cells = table.Rows.Select(row => new PlannedCell(row.Optimizer, row.N, row.D)).ToList();
        object[] results =
        [
            Fit, bootstrap, ProfileIntervals.Of(Fit), LeaveOneOut.Run(Fit), Influence.Of(table, Fit),
            LawComparison.Compare(table, new() { Replicates = 20 }),
            new Forecaster(Fit, bootstrap).Run(new() { Points = [(1e9, 2e10)], Budgets = [1e21] }),
            RatioSpeedUp.Of(table, "muon", "adamw"),
            new
            {
                Design = GridDesign.Evaluate(new() { Cells = cells, Noise = new(0.002) }),
                Search = CheapestGrid.Search(
                    new()
                    {
                        Sizes = [5e7, 1e8, 2e8],
                        Ratios = [10, 20, 40],
                        FlopBudget = 1e22,
                        Rho = 1.3,
                        Noise = new(0.002),
                    }),
            },
            new FitBenchmarkResult(2, [new("x", 1, 1, 1, 1, 1)], []),
        ];
        var emitted = new HashSet<string>();
        foreach (object result in results) Collect(AnalysisJson.Write(result), emitted);
        foreach (var sample in new[] { SampleReports.Published, SampleReports.Complete, SampleReports.Tiny })
            Collect(ReportJson.Write(sample), emitted);
        // What happens to be empty in these results has names too.
        foreach (object result in results.Append(SampleReports.Published)) Collect(result.GetType(), emitted, []);

        var (tables, report) =
            (File.ReadAllText(Fixtures.Path("tables.md")), File.ReadAllText(Fixtures.Path("report.md")));
        Assert.Empty(emitted.Except(Names(tables).Concat(Names(report))));
        Assert.Empty(Names(Section(tables)).Concat(Names(Section(report))).Except(emitted));
    }

    /// <summary>The table of names below a page's heading on JSON.</summary>
    private static string Section(string page)
    {
        var section = page[page.IndexOf("## JSON", StringComparison.Ordinal)..];
        int next = section.IndexOf("\n## ", StringComparison.Ordinal);
        return string.Join('\n',
            (next < 0 ? section : section[..next]).Split('\n').Where(line => line.StartsWith('|')));
    }

    /// <summary>The names in backquotes: paths are split, and `list[]` names its list.</summary>
    private static IEnumerable<string> Names(string page)
        => Quoted().Matches(page).SelectMany(match => match.Groups[1].Value.Split('.'))
            .Select(name => name.Replace("[]", "", StringComparison.Ordinal));

    private static void Collect(string json, HashSet<string> names)
    {
        using var document = JsonDocument.Parse(json);
        Collect(document.RootElement, names);
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

    private static void Collect(Type type, HashSet<string> names, HashSet<Type> seen)
    {
        if (!seen.Add(type)) return;
        var contract = AnalysisJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (contract.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
            Collect(contract.ElementType!, names, seen);
        foreach (var property in contract.Properties.Where(property => property.Get != null))
        {
            names.Add(property.Name);
            Collect(property.PropertyType, names, seen);
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
