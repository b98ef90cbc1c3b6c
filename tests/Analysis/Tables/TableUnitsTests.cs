using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Tables;

public class TableUnitsTests
{
    private static readonly RunTable Table = Fixtures.Synthetic(0.001, 1, 2);

    private static IEnumerable<string> Units(Func<RunRow, RunRow> change, string column = "loss")
        => TableFindings.Of(Table.With([.. Table.Rows.Select(change)]) with
        {
            Columns = new Dictionary<string, string> { ["loss"] = column },
        }).Where(finding => finding.Code == "unlikely-units").Select(finding => finding.Message);

    [Fact]
    public void What_looks_like_another_unit_is_warned_about()
    {
        Assert.Empty(Units(row => row));
        Assert.Contains("millions", Assert.Single(Units(row => row with { N = row.N / 1e6, D = row.D / 1e6 })));
        Assert.Contains("tokens per parameter", Assert.Single(Units(row => row with { D = row.D * 1e6 })));
        Assert.Contains("perplexities", Assert.Single(Units(row => row with { Loss = Math.Exp(row.Loss) })));
        Assert.Contains("bits", Assert.Single(Units(row => row with { Loss = row.Loss / 3 })));
        Assert.Contains("bits", Assert.Single(Units(row => row, "val_bits_per_token")));
    }

    [Fact]
    public void What_cannot_be_is_refused_with_its_line_and_the_likely_cause()
    {
        var error = Assert.Throws<UserException>(() => RunTableReader.Parse("n,tokens,loss\n1e8,2e9,54.6\n"));
        Assert.Contains("table:2: loss is 54.6, above 50 nats per token; is it a perplexity (of 4 nats)?",
            error.Message, StringComparison.Ordinal);
        var read = RunTableReader.Parse("n,tokens,loss\n1e8,2e9,3\n2e8,1e21,3\n");
        Assert.Contains("table:3: tokens is 1e21", Assert.Single(TableFindings.Of(read),
            finding => finding.Code == "impossible-values").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_optimizer_with_hardly_more_runs_than_parameters_is_warned_about()
    {
        var fit = Fitter.Fit(Fixtures.ElevenOptimizers(), Fixtures.Law("per-optimizer"));
        Assert.Contains("sophia: 6 runs for 5 parameters of its own leave 1 degree of freedom", Assert.Single(
            fit.Findings, finding => finding.Code == "few-runs").Message, StringComparison.Ordinal);
    }
}
