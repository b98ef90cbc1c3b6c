using PretrainBench.Training.Loop;
using PretrainBench.Training.Results;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace PretrainBench.Training.Tests.Loop;

/// <summary>What a run tells the world, in which order: real runs of 40 steps, three evaluations, checkpoints every
/// seven steps.</summary>
[Collection(nameof(TestCorpus))]
public class OrderOfEventsTests(TestCorpus corpus)
{
    private readonly List<string> _events = [];

    [Fact]
    public void At_each_step_progress_then_evaluation_then_checkpoint_and_the_final_evaluation_last()
    {
        Assert.Equal(RunOutcome.Done, Execute(corpus.NewRunFolder(), CancellationToken.None));
        List<string> expected = [];
        for (var step = 1; step <= 40; step++)
        {
            expected.Add($"progress {step}");
            if (step is 10 or 20 or 30) expected.Add($"validation {step}");
            if (step % 7 == 0) expected.Add($"saved {step}");
        }
        Assert.Equal([.. expected, "final validation 40"], _events);
    }

    [Fact]
    public void Told_to_stop_it_saves_after_the_step_at_hand_and_does_nothing_more()
    {
        var folder = corpus.NewRunFolder();
        using var stop = new CancellationTokenSource();
        Assert.Equal(RunOutcome.Preempted, Execute(folder, stop.Token, step =>
        {
            if (step == 12) stop.Cancel();
        }));
        Assert.Equal(["progress 12", "progress 13", "saved 13"], _events[^3..]);

        _events.Clear();
        Assert.Equal(RunOutcome.Done, Execute(folder, CancellationToken.None));
        Assert.Equal(["progress 14", "saved 14", "progress 15"], _events[..3]);
        Assert.Equal([0, 13], RunResult.Read(folder)!.AttemptStarts);
    }

    [Fact]
    public void Told_to_stop_before_its_first_step_it_trains_nothing()
    {
        var folder = corpus.NewRunFolder();
        Assert.Equal(RunOutcome.Preempted, Execute(folder, new CancellationToken(canceled: true)));
        Assert.Empty(_events);
        Assert.Equal(RunOutcome.Done, Execute(folder, CancellationToken.None));
    }

    [Fact]
    public void A_step_that_diverges_is_not_counted_as_done_and_leaves_no_checkpoint()
    {
        var folder = corpus.NewRunFolder();
        Assert.Equal(RunOutcome.Diverged, Execute(folder, CancellationToken.None, settings:
            ["optimizer={name: adamw, learning_rate: 1e5}", "gradient_clip=0", "schedule={warmup_steps: 2}",
                "checkpoint.interval_steps=1"]));
        var diverged = RunResult.Read(folder)!.DivergedAtStep!.Value;
        Assert.Equal($"saved {diverged - 1}", _events[^1]);
        Assert.DoesNotContain($"progress {diverged}", _events);
    }

    [Fact]
    public void A_run_taken_over_by_another_process_writes_nothing_more()
    {
        var folder = corpus.NewRunFolder();
        var owned = true;
        var error = Assert.Throws<UserException>(() => RunSession.Execute(TestRuns.Config(corpus), folder,
            Options(step => owned = step < 9) with { StillOwner = () => owned }));
        Assert.Contains("taken it over", error.Message, StringComparison.Ordinal);
        Assert.Equal("saved 7", _events.Last(entry => entry.StartsWith("saved", StringComparison.Ordinal)));
        Assert.Equal("progress 10", _events[^1]);
        Assert.Equal(8, RunMetrics.Read(folder)[^1].Step);
        Assert.Null(RunResult.Read(folder));
    }

    [Fact]
    public void A_result_that_another_process_published_first_stays()
    {
        var folder = corpus.NewRunFolder();
        var result = Path.Combine(folder, RunResult.FileName);
        Assert.Equal(RunOutcome.Done, Execute(folder, CancellationToken.None,
            step => File.WriteAllText(result, $"the other's, before step {step}")));
        Assert.Equal("the other's, before step 40", File.ReadAllText(result));
    }

    private RunOutcome Execute(string folder, CancellationToken stop, Action<int>? onStep = null,
        string[]? settings = null)
        => RunSession.Execute(TestRuns.Config(corpus, settings ?? []), folder, Options(onStep) with { Stop = stop });

    private RunOptions Options(Action<int>? onStep = null) => new()
    {
        Logger = new LoggerConfiguration().WriteTo.Sink(new Recorder(_events)).CreateLogger(),
        Progress = new Callback<TrainProgress>(progress =>
        {
            _events.Add($"progress {progress.Step}");
            onStep?.Invoke(progress.Step);
        }),
    };

    /// <summary>Keeps what the log says of evaluations and checkpoints.</summary>
    private sealed class Recorder(List<string> events) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            var text = logEvent.MessageTemplate.Text;
            if (text.StartsWith("step {Step}: saved", StringComparison.Ordinal)) Add("saved");
            if (text.StartsWith("step {Step}: {Kind} loss", StringComparison.Ordinal)) Add($"{Value("Kind")}");

            object? Value(string property) => ((ScalarValue)logEvent.Properties[property]).Value;
            void Add(string what) => events.Add($"{what} {Value("Step")}");
        }
    }
}
