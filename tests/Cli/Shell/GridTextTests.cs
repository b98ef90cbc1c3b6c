using System.Text.Json;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Core.Runs;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Tests.Shell;

public class GridTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly GridStatus Status = new(
        [
            Line("a", new RunState(RunStateKind.Failed, Message: "memory:\nno memory"), trunk: new("t", 100, 0, [])),
            Line("b", new RunState(RunStateKind.Running,
                Heartbeat: new Heartbeat(
                    3, 500_000, 1_000_000, 12_345, 3.25, WorkedAt: Now - TimeSpan.FromSeconds(75)))),
            Line("c", new RunState(RunStateKind.Waiting), isTrial: true),
        ],
        [Line("d", new RunState(RunStateKind.Waiting)).Run]);

    [Fact]
    public void Progress_is_counts_rate_and_time_left()
        => Assert.Equal("1/4 runs, 1 running, 12.3k tokens/s, about 3 min 22 s left", GridText.Progress(Status,
            TimeSpan.FromSeconds(202)));

    [Fact]
    public void Progress_of_a_grid_that_stands_still_is_counts_alone()
        => Assert.Equal("1/1 runs", GridText.Progress(new GridStatus([Status.Lines[0]], []), null));

    [Fact]
    public void The_summary_counts_states_and_runs_whose_rate_is_open()
        => Assert.Equal("4 runs: 1 waiting, 1 running, 1 failed, 1 waiting for their learning rate",
            GridText.Summary(Status));

    [Fact]
    public void The_table_has_a_line_for_each_run()
    {
        var lines = GridTable.Of(Status.Lines, Now).TrimEnd().Split('\n');
        Assert.Equal(1 + Status.Lines.Count, lines.Count(line => line.Any(char.IsLetter)));
        var running = lines.Single(line => line.StartsWith("b ", StringComparison.Ordinal));
        Assert.Matches(@"^b +muon 0\.2M ×10 lr 0\.02 +running +50 ?% +3\.2500 +12\.3k +41 s +last step 1 min 15 s ago$",
            running);
        Assert.Matches("failed +no memory$", lines.Single(line => line.StartsWith("a ", StringComparison.Ordinal)));
        Assert.Contains("(branch)", lines.Single(line => line.StartsWith("a ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        // What failed or diverged is not done by any per cent.
        Assert.DoesNotContain("%", lines.Single(line => line.StartsWith("a ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Contains("(trial)", lines.Single(line => line.StartsWith("c ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_watched_shows_what_runs_first_and_what_runs_has_lines_of_its_own()
    {
        Assert.Equal(["b", "a", "c"], GridTable.Watched(Status.Lines, Now).Skip(2).Select(line => line.Split(' ')[0]));
        Assert.Matches(@"^muon 0\.2M ×10 lr 0\.02 +50 ?% +3\.2500 +12\.3k +41 s$", GridTable.Running(Status)[^1]);
        Assert.Empty(GridTable.Running(new GridStatus([Status.Lines[0]], [])));
    }

    [Fact]
    public void Changes_are_told_once_with_their_reason()
    {
        var changes = new GridChanges();
        Assert.Equal(["a", "b"], changes.Since(Status).Select(line => line.Run.RunId));
        Assert.Empty(changes.Since(Status));
        var ended = Status.Lines[1] with { State = Status.Lines[0].State };
        Assert.Equal("muon 0.2M ×10 lr 0.02: failed: no memory (`grid logs` shows run b)", GridText.Line(
            Assert.Single(changes.Since(Status with { Lines = [Status.Lines[0], ended, Status.Lines[2]] }))));
    }

    [Fact]
    public void A_script_reads_states_by_name_and_numbers_as_numbers()
    {
        var json = JsonSerializer.SerializeToElement(GridText.ToJson(Status, Now), JsonFormat.Line);
        Assert.Equal((4, 1, false, 1), (json.GetProperty("total").GetInt32(), json.GetProperty("settled").GetInt32(),
            json.GetProperty("complete").GetBoolean(), json.GetProperty("awaiting_learning_rate").GetInt32()));
        Assert.Equal(1, json.GetProperty("states").GetProperty("failed").GetInt32());
        Assert.Equal(0, json.GetProperty("states").GetProperty("done").GetInt32());
        Assert.Equal(12_345, json.GetProperty("tokens_per_second").GetDouble());
        Assert.Equal(["failed", "running", "waiting"],
            json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("status").GetString()));
        string[] ofGrids
            = ["trial", "share", "message", "own_tokens", "own_flops", "seconds_since_last_step"];
        Assert.All(json.GetProperty("runs").EnumerateArray().SelectMany(run => run.EnumerateObject()),
            value => Assert.True(RunColumn.All.Any(column => column.Name == value.Name)
                || ofGrids.Contains(value.Name), value.Name));
        Assert.Equal("memory:\nno memory", json.GetProperty("runs")[0].GetProperty("message").GetString());
    }

    private static RunStatusLine Line(string id, RunState state, bool isTrial = false, TrunkPlace? trunk = null)
        => new(new PlannedRun(id, new GridCell("muon", "0.2M", 10, 0, LearningRate: 0.02), isTrial,
            new ConfigMapping("test"), 1_000_000, 1e12, trunk), state);
}
