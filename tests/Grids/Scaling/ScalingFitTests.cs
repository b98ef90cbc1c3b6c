using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Scaling;

namespace PretrainBench.Grids.Tests.Scaling;

/// <summary>Rules for learning rates, fitted to ladders whose optimum is known.</summary>
public class ScalingFitTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private const string Sizes = """

        sizes:
          s: {layers: 1, width: 16, heads: 1, feed_forward_width: 32}
          m: {layers: 2, width: 32, heads: 1, feed_forward_width: 64}
          l: {layers: 3, width: 64, heads: 1, feed_forward_width: 128}
        """;

    private const string Anchors = """
        axes: {optimizer: [adamw, muon], size: [s, m, l], tokens_per_parameter: [1, 4]}
        tuning:
          start: {adamw: 3e-3, muon: 0.02}
          trials: 9
          for_each: [optimizer, size, tokens_per_parameter]
        """ + Sizes;

    [Fact]
    public void A_power_of_size_and_tokens_is_found_again_and_accepted()
    {
        var planner = new GridPlanner(grids.Grid(Anchors));
        var (scaling, checks) = ScalingFit.Of(planner, Truth(planner, -0.3, -0.1, 0), ScalingRule.Power, null, 0.01);

        Assert.Equal(("l", true), (scaling.KeptBack, scaling.Accepted));
        Assert.All(scaling.Optimizers.Values, own =>
        {
            Assert.Equal(-0.3, own.SizeExponent, 1e-4);
            Assert.Equal(-0.1, own.TokensExponent, 1e-4);
            Assert.Equal((0, 9, false), (own.WidthExponent, own.Trials, own.OnEdge));
            Assert.True(own.Cost < 1e-6);
        });
        Assert.Equal(4, checks.Count);
        Assert.All(checks, check => Assert.Equal(check.BestRate, check.Rate, check.BestRate * 1e-4));
    }

    [Fact]
    public void A_rule_that_does_not_hold_is_refused_with_what_it_costs()
    {
        var planner = new GridPlanner(grids.Grid(Anchors));
        var (scaling, checks) = ScalingFit.Of(planner, Truth(planner, -0.3, 0, 0), ScalingRule.Fixed, null, 0.01);

        Assert.False(scaling.Accepted);
        var at = Assert.Single(checks, check => check.Cell is { Optimizer: "muon", TokensPerParameter: 1 });
        Assert.True(at.Rate > at.BestRate * 1.2);
        Assert.Equal(0.5 * Math.Pow(Math.Log(at.Rate / at.BestRate), 2), at.Cost, 1e-5);
        Assert.Equal(at.Cost, scaling.Optimizers["muon"].Cost!.Value, 1e-4);
    }

    [Fact]
    public void A_rate_that_falls_with_the_width_is_found_by_that_rule_at_any_size_kept_back()
    {
        var planner = new GridPlanner(grids.Grid(Anchors));
        var (scaling, _) = ScalingFit.Of(planner, Truth(planner, 0, 0, -1), ScalingRule.InverseWidth, "m", 0.01);
        Assert.Equal(("m", true), (scaling.KeptBack, scaling.Accepted));
        Assert.All(scaling.Optimizers.Values, own => Assert.Equal(-1, own.WidthExponent));
    }

    [Fact]
    public void A_rate_beyond_what_was_tried_is_refused_whatever_it_costs()
    {
        var planner = new GridPlanner(grids.Grid(Anchors.Replace("trials: 9", "trials: 3", StringComparison.Ordinal)));
        var (scaling, checks) = ScalingFit.Of(planner, Truth(planner, -2, 0, 0), ScalingRule.Power, null, 100);
        Assert.False(scaling.Accepted);
        Assert.Contains(checks, check => check.IsBeyond);
    }

    [Theory]
    [InlineData("for_each: [optimizer]", ScalingRule.Fixed, null, "tuned at s alone")]
    [InlineData("for_each: [optimizer, size]", ScalingRule.Fixed, "xl", "tuned at s, m, l")]
    public void What_cannot_be_fitted_is_said(string forEach, ScalingRule rule, string? keepBack, string problem)
    {
        var planner = new GridPlanner(grids.Grid(Anchors.Replace(
            "for_each: [optimizer, size, tokens_per_parameter]", forEach, StringComparison.Ordinal)));
        Assert.Contains(problem, Assert.Throws<UserException>(
            () => ScalingFit.Of(planner, Truth(planner, 0, 0, 0), rule, keepBack, 0.01)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_of_one_number_of_parameters_bear_no_power()
    {
        var planner = new GridPlanner(grids.Grid(Anchors.Replace(
            "m: {layers: 2, width: 32, heads: 1, feed_forward_width: 64}",
            "m: {layers: 1, width: 16, heads: 2, feed_forward_width: 32}", StringComparison.Ordinal)));
        Assert.Contains("two numbers of parameters", Assert.Throws<UserException>(
            () => ScalingFit.Of(planner, Truth(planner, 0, 0, 0), ScalingRule.Power, null, 0.01)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_back_ladder_whose_best_lies_on_its_edge_accepts_nothing()
    {
        var planner = new GridPlanner(grids.Grid(Anchors.Replace("trials: 9", "trials: 3", StringComparison.Ordinal)));
        // Far above every rung at the size kept back, in the middle elsewhere.
        var truth = Truth(planner, 0, 0, 0);
        var (scaling, checks) = ScalingFit.Of(planner,
            run => run.Cell.Size == "l" ? 3 - run.Cell.LearningRate : truth(run), ScalingRule.Fixed, null, 100);
        Assert.All(checks, check => Assert.True(check is { IsBestOnEdge: true, IsBeyond: false }));
        Assert.False(scaling.Accepted);
    }

    [Fact]
    public void Ladders_that_are_not_finished_are_not_fitted()
    {
        var planner = new GridPlanner(grids.Grid(Anchors));
        Assert.Contains("not finished", Assert.Throws<UserException>(
            () => ScalingFit.Of(planner, _ => null, ScalingRule.Fixed, null, 0.01)).Message, StringComparison.Ordinal);
    }

    // Parabolas in log rate around powers of size, tokens and width.
    private static Func<PlannedRun, double?> Truth(GridPlanner planner, double size, double tokens, double width)
        => run =>
        {
            var place = planner.PlaceOf(run.Cell);
            var best = (run.Cell.Optimizer == "adamw" ? 3e-3 : 0.02) * Math.Pow(place.Parameters / 4000, size)
                * Math.Pow(place.Tokens / 8000, tokens) * Math.Pow(place.Width / 24, width);
            return 3 + 0.5 * Math.Pow(Math.Log(run.Cell.LearningRate!.Value / best), 2);
        };
}
