using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Tests.Status;

public class GridStatusTests
{
    private static readonly RunState Waiting = new(RunStateKind.Waiting), Done = new(RunStateKind.Done),
        Failed = new(RunStateKind.Failed);

    [Fact]
    public void A_running_run_counts_by_the_tokens_of_its_heartbeat()
    {
        var status = new GridStatus([Line(Running(250, tokensPerSecond: 50)), Line(Done), Line(Waiting)], []);
        Assert.Equal([0.25, 1, 0], status.Lines.Select(line => line.Share));
        Assert.Equal(1.25 * Flops, status.DoneFlops);
        Assert.Equal(50, status.TokensPerSecond);
        Assert.Equal(50.0 * Flops / Tokens, status.FlopsPerSecond);
        Assert.Equal(1.75 * Tokens / 50, status.TimeLeft!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void The_time_left_follows_the_mean_pace_and_not_the_run_at_hand()
    {
        var first = new GridStatus([Line(Done), Line(Waiting), Line(Waiting)], []);
        var now = new GridStatus([Line(Done), Line(Running(500, tokensPerSecond: 1e6)), Line(Waiting)], []);
        Assert.Equal(90, now.TimeLeftSince(first, TimeSpan.FromSeconds(30))!.Value.TotalSeconds, 1e-6);
        Assert.Null(now.TimeLeftSince(first, TimeSpan.FromSeconds(3)));
        Assert.Null(first.TimeLeftSince(first, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void An_interrupted_run_keeps_its_share_but_has_no_rate()
    {
        var interrupted = Running(500, tokensPerSecond: 50) with { Kind = RunStateKind.Interrupted };
        var status = new GridStatus([Line(interrupted)], []);
        Assert.Equal(0.5, status.Lines[0].Share);
        Assert.Equal(0, status.TokensPerSecond);
        Assert.Null(status.TimeLeft);
    }

    [Fact]
    public void A_run_that_failed_is_settled_and_one_whose_rate_is_open_keeps_the_grid_open()
    {
        Assert.True(new GridStatus([Line(Done), Line(Failed)], []).IsComplete);
        var open = new GridStatus([Line(Done)], [Line(Waiting).Run]);
        Assert.False(open.IsComplete);
        Assert.Equal((2, 1, 2 * Flops), (open.Total, open.Settled, open.TotalFlops));
    }

    [Fact]
    public void A_grid_is_over_when_nothing_more_happens_by_itself()
    {
        var open = Line(Waiting).Run;
        var trial = Line(Failed);
        Assert.True(new GridStatus([Line(Done), Line(Failed)], []).IsOver);
        Assert.False(new GridStatus([Line(Done), Line(Waiting)], []).IsOver);
        Assert.False(new GridStatus([Line(Done), Line(Failed)], [open]).IsOver);
        trial = trial with { Run = trial.Run with { IsTrial = true } };
        Assert.True(new GridStatus([Line(Done), trial], [open]).IsOver);
    }

    [Fact]
    public void The_time_left_of_a_run_is_at_its_own_rate()
    {
        Assert.Equal(15, Line(Running(250, tokensPerSecond: 50)).TimeLeft!.Value.TotalSeconds, 1e-6);
        Assert.Null(Line(Running(0, tokensPerSecond: 0)).TimeLeft);
        Assert.Null(Line(Waiting).TimeLeft);
    }

    [Fact]
    public void A_heartbeat_beyond_the_end_is_a_whole_run_at_most()
        => Assert.Equal(1, Line(Running(1200, tokensPerSecond: 1)).Share);

    private const long Tokens = 1000;
    private const double Flops = 1e9;

    private static RunState Running(long tokens, double tokensPerSecond)
        => new(RunStateKind.Running, Heartbeat: new Heartbeat(1, tokens, Tokens, tokensPerSecond));

    private static RunStatusLine Line(RunState state)
        => new(new PlannedRun("r", new GridCell("muon", "0.1M", 20, 0), false, new ConfigMapping("test"), Tokens,
            Flops), state);
}
