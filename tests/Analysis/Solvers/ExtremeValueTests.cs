using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Solvers;

/// <summary>Numbers at the ends of what a double holds: a result or a message, never a crash. Readers refuse them; a
/// program that builds its own table may not.</summary>
public class ExtremeValueTests
{
    private static readonly double[] Extremes = [1e300, 1e-300, double.Epsilon];

    public static TheoryData<string, double, int> Cases()
    {
        var cases = new TheoryData<string, double, int>();
        foreach (var column in new[] { "loss", "n", "d" })
            foreach (var value in Extremes)
                foreach (var rows in new[] { 1, 25, 50 })
                    cases.Add(column, value, rows);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Extreme_values_never_crash_a_fit(string column, double value, int rows)
    {
        var table = Fixtures.Synthetic(0.002, 1, 2);
        table = table.With([.. table.Rows.Select((row, i) => i >= rows ? row : column switch
        {
            "loss" => row with { Loss = value },
            "n" => row with { N = value },
            _ => row with { D = value },
        })]);
        foreach (var law in new[] { "shared", "per-optimizer", "shared-gamma", "kaplan" })
        {
            try
            {
                var fit = Fitter.Fit(table, Fixtures.Law(law));
                var bootstrap = Bootstrap.Run(fit, new() { Replicates = 20 });
                Assert.DoesNotContain("NaN", AnalysisJson.Write(fit));
                if (law == "kaplan") continue;
                TokenAdvantage.Of(fit, bootstrap);
                ResidualCheck.Of(fit);
                new Forecaster(fit, bootstrap).Run(new() { LargestN = 1e10 });
            }
            catch (UserException)
            {
                // A message is an answer.
            }
        }
        Assert.NotEmpty(Fairness.Check(table));
    }

    [Fact]
    public void The_smallest_losses_of_all_are_refused_or_fitted_by_every_solver()
    {
        var table = Fixtures.Synthetic(0.002, 1, 2);
        table = table.With([.. table.Rows.Select((row, i) => row with { Loss = i % 2 == 0 ? double.Epsilon : 1e300 })]);
        foreach (var solver in Enum.GetValues<SolverKind>())
            try
            {
                Fitter.Fit(table, Fixtures.Law("shared"), new() { Solver = solver });
            }
            catch (UserException)
            {
                // A message is an answer.
            }
    }
}
