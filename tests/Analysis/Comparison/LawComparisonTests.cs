using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Comparison;

public class LawComparisonTests
{
    [Fact]
    public void On_the_held_out_largest_size_the_shared_law_has_a_third_of_the_error_of_separate_fits()
    {
        var result = LawComparison.Compare(Fixtures.AdamWMuon());
        var shared = result.Laws.Single(law => law.Law == "shared")[HoldOutProtocol.Largest].Pooled!;
        var separate = result.Laws.Single(law => law.Law == "per-optimizer")[HoldOutProtocol.Largest].Pooled!;
        Assert.Equal(8, shared.Runs);
        Assert.Equal(6.5e-5, shared.MeanSquaredError, 5e-7);
        Assert.Equal(2.1e-4, separate.MeanSquaredError, 5e-6);
        Assert.Contains(result.Verdict, sentence => sentence.Contains("more than halves", StringComparison.Ordinal));
        Assert.Contains(result.Verdict,
            sentence => sentence.Contains("not identified one by one", StringComparison.Ordinal));
        var pair = result.Differences.Single(
            d => d is { Protocol: HoldOutProtocol.Largest, Law: "per-optimizer", Other: "shared" });
        Assert.Equal(separate.MeanSquaredError - shared.MeanSquaredError, pair.Difference, 1e-12);
        Assert.InRange(pair.Difference, pair.Low, pair.High);
    }

    [Theory]
    [InlineData(SolverKind.Huber, 1e-3, 1.43e-4, 8.49e-5,
        "lowers the error of separate fits, but does not halve it", true)]
    [InlineData(SolverKind.Huber, 3e-3, 1.40e-4, 5.41e-5, "more than halves the error of separate fits", true)]
    [InlineData(SolverKind.Huber, 1e-2, 1.93e-4, 6.03e-5, "more than halves the error of separate fits", true)]
    [InlineData(SolverKind.LeastAbsoluteDeviation, 1e-3, 7.51e-5, 6.53e-5,
        "lowers the error of separate fits, but does not halve it", true)]
    public void How_much_sharing_gains_on_the_largest_size_depends_on_the_robust_loss_and_the_verdict_says_so(
        SolverKind solver, double delta, double separate, double shared, string sentence, bool luck)
    {
        var options = new FitOptions { Solver = solver, HuberDelta = delta };
        var result =
            LawComparison.Compare(Fixtures.AdamWMuon(), new() { Laws = ["per-optimizer", "shared"], Fit = options });
        // docs/laws.md; the optima are found to 1e-6 or better, the figures are given to three digits.
        double[] errors = [.. result.Laws.Select(law => law[HoldOutProtocol.Largest].Pooled!.MeanSquaredError)];
        Assert.Equal(separate, errors[0], 0.01 * separate);
        Assert.Equal(shared, errors[1], 0.01 * shared);
        var verdict =
            Assert.Single(result.Verdict, text => text.StartsWith("Sharing exponents", StringComparison.Ordinal));
        Assert.Contains(sentence, verdict);
        Assert.Equal(luck, verdict.Contains("this could be luck", StringComparison.Ordinal));
        Assert.Contains(result.Verdict,
            text => text.Contains("which this solver does not minimise", StringComparison.Ordinal));
    }

    [Fact]
    public void A_law_that_is_true_wins_and_the_numbers_of_runs_are_right()
    {
        var table = Fixtures.Synthetic(0.001, 11);
        var result =
            LawComparison.Compare(table, new() { Laws = ["per-optimizer", "shared", "kaplan"], Replicates = 500 });
        Assert.Equal([25, 13, 10], result.Laws.Select(law => law.FreeParameters));
        var shared = result.Laws[1];
        Assert.Equal(125, shared[HoldOutProtocol.LeaveOneRunOut].Pooled!.Runs);
        Assert.Equal(125, shared[HoldOutProtocol.LeaveOneSizeOut].Pooled!.Runs);
        Assert.Equal(25, shared[HoldOutProtocol.Largest].Pooled!.Runs);
        Assert.Equal(50, shared[HoldOutProtocol.Rolling].Pooled!.Runs);
        Assert.Equal(["100m", "200m"], shared[HoldOutProtocol.Rolling].Skipped);
        Assert.Equal(6, shared[HoldOutProtocol.Largest].Errors.Count);
        Assert.True(
            shared[HoldOutProtocol.Largest].Pooled!.MeanSquaredError < result.Laws[0][
                HoldOutProtocol.Largest].Pooled!.MeanSquaredError);
        Assert.True(shared.Aicc < result.Laws[0].Aicc);
    }

    [Fact]
    public void Held_out_runs_are_really_held_out()
    {
        // One impossible loss must not pull its own prediction towards it.
        var table = Fixtures.Synthetic(0, 1, 2);
        var rows = table.Rows.ToList();
        rows[7] = rows[7] with { Loss = rows[7].Loss + 0.5 };
        var fit = Fitter.Fit(table.With(rows), Fixtures.Law("shared"));
        var folds = HoldOut.Folds(fit.Prepared, HoldOutProtocol.LeaveOneRunOut, []);
        var held = HoldOut.Predict(fit.Prepared, folds).Single(p => p.Row == 7);
        Assert.Equal(table.Rows[7].Loss, held.Predicted, 1e-7);
    }

    [Fact]
    public void Laws_that_the_table_cannot_determine_are_left_out_with_the_reason()
    {
        var one = Fixtures.Synthetic(0.001, 1, 1);
        var result = LawComparison.Compare(one);
        Assert.Equal(["per-optimizer", "kaplan"], result.Laws.Select(law => law.Law));
        Assert.Contains("only 'adamw'", result.LeftOut[0].Message);
        var tiny = one.With([.. one.Rows.Take(3)]);
        Assert.Contains("needs at least",
            Assert.Throws<UserException>(
                () => LawComparison.Compare(tiny, new() { Laws = ["per-optimizer"] })).Message);
    }

    [Fact]
    public void One_stray_row_of_an_optimizer_takes_the_laws_from_that_optimizer_alone()
    {
        var table = Fixtures.AdamWMuon();
        var stray = table.With([.. table.Rows, table.Rows[0] with { Optimizer = "stray", Line = 99 }]);
        var (with, without) = (LawComparison.Compare(stray, Few), LawComparison.Compare(table, Few));
        Assert.Equal(["thin-optimizer", "thin-optimizer"], with.LeftOut.Select(finding => finding.Code));
        Assert.Equal(without.Laws.Select(law => law[HoldOutProtocol.Largest].Pooled),
            with.Laws.Select(law => law[HoldOutProtocol.Largest].Pooled));
    }

    [Fact]
    public void Laws_are_compared_on_runs_that_all_of_them_predicted()
    {
        // Four runs of soap suffice for its two rho, not for a law of its own.
        var rows = Fixtures.Synthetic(0.002, 3, 2).Rows;
        var table = new RunTable { Rows = [.. rows, .. rows.Take(4).Select(row => row with { Optimizer = "soap" })] };
        var result = LawComparison.Compare(table, Few);
        Assert.All(LawComparison.Protocols, protocol => Assert.Single(
            result.Laws.Select(law => law[protocol].Pooled?.Runs).Distinct()));
        Assert.Equal(54, result.Laws.Single(law => law.Law == "shared").Fit.Runs);
        Assert.Equal(50, result.Laws[0][HoldOutProtocol.InSample].Pooled!.Runs);
        // Criteria of other runs cannot be compared.
        Assert.Equal(double.PositiveInfinity, result.Laws.Single(law => law.Law == "per-optimizer").Aicc);
    }

    [Fact]
    public void Left_out_by_its_leverage_or_by_a_refit_a_run_is_predicted_alike()
    {
        var table = Fixtures.Synthetic(0.002, 5, 2);
        var law = PredictedLaw.Of(table, Fixtures.Law("shared"), new(), []);
        var again = law.PredictAgain([.. table.Rows.Select(row => row.Loss)]);
        Assert.All(law[HoldOutProtocol.LeaveOneRunOut],
            held => Assert.Equal(held.Predicted, again[HoldOutProtocol.LeaveOneRunOut][held.Row], 1e-3));
        Assert.All(law[HoldOutProtocol.Rolling],
            held => Assert.Equal(held.Predicted, again[HoldOutProtocol.Rolling][held.Row], 1e-9));
    }

    private static ComparisonOptions Few => new() { Laws = ["per-optimizer", "shared"], Replicates = 20 };

    [Fact]
    public void Unfair_tables_are_told()
    {
        var table = Fixtures.Synthetic(0.001, 1, 2);
        Assert.DoesNotContain(Fairness.Check(table), finding => finding.Severity == Severity.Unfair);
        var rows = table.Rows.Select(row => row with
        {
            TuningTrials = row.Optimizer == "muon" ? 9 : 3,
            LearningRateOnEdge = row.Optimizer == "adamw" && row.Size == "50m",
            BatchTokens = row.Optimizer == "muon" ? 1 << 19 : 1 << 18,
            DataSeed = row.Optimizer == "muon" ? 2 : 1,
        }).ToList();
        var excluded = new ExcludedRow("f", 2, "r", "muon", "diverged", "the run diverged");
        var findings =
            Fairness.Check(new RunTable { Rows = [.. rows.Skip(1)], Excluded = [excluded] }, seedNoise: 0.05);
        Assert.Equal(
            ["different-cells", "different-data", "diverged", "learning-rate-on-edge", "ties", "unequal-batch",
                "unequal-tuning"],
            findings.Select(finding => finding.Code).Order());
        Assert.Equal(Severity.Unfair, findings[0].Severity);
    }

    [Theory]
    [InlineData("refused", "scaling-refused", Severity.Unfair)]
    [InlineData("unchecked", "scaling-unchecked", Severity.Warning)]
    [InlineData("accepted", null, Severity.Note)]
    public void Rates_that_were_carried_from_other_sizes_count_as_their_check_says(
        string verdict, string? code, Severity severity)
    {
        var table = Fixtures.Synthetic(0.001, 1, 2);
        var rows = table.Rows.Select(row => row with { LearningRateScaling = verdict }).ToList();
        var found = Fairness.Check(table.With(rows))
            .Where(finding => finding.Code.StartsWith("scaling", StringComparison.Ordinal)).ToList();
        if (code is null) Assert.Empty(found);
        else Assert.Equal((code, severity), (Assert.Single(found).Code, found[0].Severity));
    }

    [Fact]
    public void What_is_found_of_several_laws_is_said_once_with_their_names()
    {
        // Losses without a floor, bent downwards: no law finds a positive E.
        var table = Fixtures.Synthetic(0, 1, 2);
        var result = LawComparison.Compare(table.With([.. table.Rows.Select(row => row with
        {
            Loss = 3 - 0.1 * Math.Log(row.N / 5e7) - 0.1 * Math.Log(row.D / 5e8)
                - 0.002 * Math.Pow(Math.Log(row.D / 5e8), 2),
        })]), new() { Laws = ["per-optimizer", "shared", "shared-rho-d"], Replicates = 20 });
        Assert.Equal(["per-optimizer: The solution for adamw, muon lies on a bound: E = 0",
            "shared, shared-rho-d: The solution lies on a bound: E = 0"],
            result.Findings.Where(finding => finding.Message.Contains(": E = 0.", StringComparison.Ordinal))
                .Select(finding => finding.Message.Split('.')[0]));
        Assert.Equal(result.Findings.Count, result.Findings.DistinctBy(finding => finding.Message).Count());
    }

    [Fact]
    public void Different_decays_are_a_warning_that_says_why_they_break_no_rule()
    {
        var table = Fixtures.Synthetic(0, 1, 2);
        var finding = Assert.Single(Fairness.Check(table.With([.. table.Rows.Select(row => row with
        {
            WeightDecay = row.Optimizer == "muon" ? 0 : 0.1,
        })])), finding => finding.Code == "different-decay");
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("muon 0. Decay belongs to an optimizer", finding.Message, StringComparison.Ordinal);
    }
}
