using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Tests.Tables;

public class TableMixtureTests
{
    private static readonly RunTable Table = Fixtures.Synthetic(0.001, 1, 2);

    private static Finding Found(string code, Func<RunRow, int, RunRow> change)
    {
        Assert.DoesNotContain(Fairness.Check(Table), finding => finding.Code == code);
        return Assert.Single(Fairness.Check(Table.With([.. Table.Rows.Select(change)])),
            finding => finding.Code == code);
    }

    [Fact]
    public void Two_corpora_in_one_table_are_no_comparison()
    {
        var finding = Found("mixed-corpora", (row, i) => row with { DataHash = i < 25 ? "aaaa" : "bbbb" });
        Assert.Equal(Severity.Unfair, finding.Severity);
        Assert.Contains("data_hash is aaaa (25 runs), bbbb (25 runs)", finding.Message);
    }

    [Fact]
    public void Runs_whose_corpus_is_not_known_are_counted()
        => Assert.StartsWith("20 of 50 runs have no data_hash",
            Found("unknown-corpus", (row, i) => row with { DataHash = i < 30 ? "aaaa" : "" }).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Recipes_and_versions_that_differ_are_named()
    {
        Assert.Contains("schedule: cosine",
            Found("mixed-recipes", (row, i) => row with { Schedule = i < 10 ? "cosine" : "wsd" }).Message);
        Assert.Equal(Severity.Warning,
            Found("mixed-versions", (row, i) => row with { Torch = i < 10 ? "2.9" : "2.10" }).Severity);
    }

    [Fact]
    public void A_sweeps_leftovers_are_found_and_the_best_of_each_cell_is_kept_on_request()
    {
        var swept = Table.With([.. Table.Rows.Select(row => row with { LearningRate = 0.01 }),
            .. Table.Rows.Take(5).Select(row => row with { LearningRate = 0.02, Loss = row.Loss + 0.1 })]);
        var finding = Assert.Single(Fairness.Check(swept), finding => finding.Code == "several-rates");
        Assert.StartsWith("5 cells hold runs of several learning rates", finding.Message, StringComparison.Ordinal);

        var best = swept.BestPerCell();
        Assert.Equal(Table.Rows.Select(row => row.Loss), best.Rows.Select(row => row.Loss));
        Assert.Equal(["not_best"], best.Excluded.Select(row => row.Code).Distinct());
        Assert.Equal(5, best.Excluded.Count);
    }

    [Fact]
    public void Choosing_the_best_says_from_how_many_runs_and_looks_at_rates_before_the_choice()
    {
        IEnumerable<RunRow> Swept(string name, double[] rates) => Table.Rows.Where(row => row.Optimizer == name)
            .SelectMany(row => rates.Select(rate => row with
            {
                LearningRate = rate,
                Loss = row.Loss + Math.Abs(rate - 0.02),
            }));
        RunTable Best(double[] adamw, double[] muon)
            => Table.With([.. Swept("adamw", adamw), .. Swept("muon", muon)]).BestPerCell();
        Finding? Find(RunTable table, string code)
            => Fairness.Check(table).FirstOrDefault(finding => finding.Code == code);

        var unequal = Find(Best([0.01, 0.02, 0.04], [0.02]), "unequal-choice")!;
        Assert.Equal(Severity.Unfair, unequal.Severity);
        Assert.Contains("adamw's 25 from 75 runs, muon's 25 from 25 runs", unequal.Message, StringComparison.Ordinal);

        // Both won at .02, but that is what the sweep found.
        var equal = Best([0.01, 0.02], [0.02, 0.04]);
        Assert.Null(Find(equal, "unequal-choice"));
        Assert.Null(Find(equal, "equal-rates"));
        Assert.NotNull(Find(equal, "best-of-several"));
        Assert.NotNull(Find(Best([0.02], [0.02]), "equal-rates"));
    }

    [Fact]
    public void Runs_that_only_their_loss_tells_apart_are_no_repeats()
    {
        RunTable With(long? first, long? second) => Table.With([.. Table.Rows.Select(row => row with { Seed = first }),
            .. Table.Rows.Take(3).Select(row => row with { Seed = second, Loss = row.Loss + 0.01 })]);
        string? Told(RunTable table)
            => Fairness.Check(table).SingleOrDefault(finding => finding.Code == "same-seed")?.Message;
        Assert.StartsWith("3 cells hold several runs with no seed and the same settings (the first: adamw, 50m",
            Told(With(null, null)), StringComparison.Ordinal);
        Assert.Contains("the same seed", Told(With(7, 7)), StringComparison.Ordinal);
        Assert.Null(Told(With(7, 8)));
        Assert.Null(Told(Table));
    }

    [Fact]
    public void Which_of_two_losses_is_fitted_is_told()
        => Assert.StartsWith("2 of 50 runs have a loss of averaged weights too; what is fitted is the column loss ",
            Found("averaged-losses", (row, i) => row with { AveragedLoss = i < 2 ? 3 : null }).Message);

    [Fact]
    public void One_name_in_two_spellings_is_told()
        => Assert.Contains("'Muon', 'muon'", Found("spellings",
            (row, i) => row.Optimizer == "muon" && i % 2 == 0 ? row with { Optimizer = "Muon" } : row).Message);

    [Fact]
    public void Bits_against_nats_are_told()
        => Assert.Contains("muon's losses are 1.4", Found("bits-against-nats",
            (row, _) => row.Optimizer == "muon" ? row with { Loss = row.Loss / Math.Log(2) } : row).Message);

    [Fact]
    public void Some_blank_seeds_one_trial_and_one_rate_for_all_are_told()
    {
        Found("blank-seeds", (row, i) => row with { Seed = i == 0 ? null : 1 });
        Found("one-trial", (row, _) => row with { TuningTrials = 1 });
        Found("equal-rates", (row, _) => row with { LearningRate = 0.01 });
        Found("different-decay", (row, _) => row with { WeightDecay = row.Optimizer == "muon" ? 0 : 0.1 });
    }
}
