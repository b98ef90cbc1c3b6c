using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Tests.Simulation;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Uncertainty;

public class ResidualCheckTests
{
    private static ResidualCheck Of(RunTable table, string code)
        => ResidualCheck.Of(Fitter.Fit(table, Fixtures.Law("shared"))).Single(check => check.Code == code);

    private static RunTable Changed(Func<RunRow, double> loss)
    {
        var table = Fixtures.Synthetic(0.0005, 2, 2);
        return table.With([.. table.Rows.Select(row => row with { Loss = loss(row) })]);
    }

    /// <summary>
    /// A true law is spoken against in 1 % of tables by each test; 200 tables leave at most 8 with probability .999.
    /// </summary>
    [Theory]
    [InlineData(SimulatedNoise.Independent)]
    [InlineData(SimulatedNoise.CellShared)]
    public void A_true_law_is_hardly_ever_spoken_against(SimulatedNoise noise)
    {
        var truth = new SimulatedTables(noise, 4, 4, 3);
        var poor = Enumerable.Range(0, 200).AsParallel()
            .Select(seed => Fitter.Fit(truth.Draw(seed), Fixtures.Law("shared"), new() { Threads = 1 }))
            .SelectMany(ResidualCheck.Of)
            .Where(check => check is { IsPoor: true, PValue: not null }).CountBy(check => check.Code).ToDictionary();
        // What cells share speaks against counting runs as independent, and is no luck there.
        var correlated = poor.GetValueOrDefault("cell-correlation");
        if (noise == SimulatedNoise.CellShared) Assert.InRange(correlated, 120, 200);
        else Assert.InRange(correlated, 0, 8);
        poor.Remove("cell-correlation");
        Assert.All(poor.Values, count => Assert.InRange(count, 0, 8));
    }

    [Fact]
    public void A_law_that_bends_otherwise_is_seen()
    {
        var bent = Changed(row => row.Loss + 0.01 * Math.Log(row.N / 2e8) * Math.Log(row.D / 8e9));
        Assert.True(Of(bent, "curvature").IsPoor);
        Assert.StartsWith("residuals bend with N and D together", Of(bent, "curvature").Statement,
            StringComparison.Ordinal);
        Assert.StartsWith("residuals do not clearly bend", Of(Changed(row => row.Loss), "curvature").Statement,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_bad_run_is_named()
    {
        var check = Of(Changed(row => row.Line == 14 ? row.Loss + 0.02 : row.Loss), "outlier");
        Assert.True(check.IsPoor);
        Assert.StartsWith("row 14 (adamw, 200m, D = 1.6e10)", check.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Repeats_give_the_error_against_which_lack_of_fit_is_tested()
    {
        var bent = Changed(row => row.Loss + 0.01 * Math.Sin(Math.Log(row.N) * 3));
        var random = new Random(1);
        var repeated = bent.With([.. bent.Rows.SelectMany(row => new[] { 1, 2 }.Select(
            seed => row with { Seed = seed, Loss = row.Loss + 0.001 * Fixtures.Gaussian(random) }))]);
        var check = Of(repeated, "pure-error");
        Assert.True(check.IsPoor);
        Assert.Contains("times what repeated seeds scatter", check.Statement);
        Assert.DoesNotContain(ResidualCheck.Of(Fitter.Fit(bent, Fixtures.Law("shared"))),
            other => other.Code == "pure-error");
    }

    [Fact]
    public void Errors_that_cells_share_are_told()
    {
        var check = Of(new SimulatedTables(SimulatedNoise.CellShared, 4, 4, 5).Draw(3), "cell-correlation");
        Assert.True(check.IsPoor);
        Assert.Contains("they err together", check.Statement);
    }
}
