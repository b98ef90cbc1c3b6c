using PretrainBench.Core;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Tests.Status;

public sealed class RunStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-state-").FullName;
    private readonly OwnerWatch _watch = new(TimeSpan.FromHours(1));

    private ClaimFiles Claims => new(_folder);

    private static ProcessIdentity Dead => ProcessIdentity.Current with
    {
        StartTicks = ProcessIdentity.Current.StartTicks - 1,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_waits_runs_and_is_interrupted_when_its_owner_dies()
    {
        Assert.Equal(RunStateKind.Waiting, Read().Kind);
        Claims.TryClaim(0, ProcessIdentity.Current);
        Assert.Equal(RunStateKind.Running, Read().Kind);
        Claims.End(1, new ClaimEnd(ClaimEndKind.Preempted));
        Assert.Equal(RunStateKind.Interrupted, Read().Kind);
        Claims.TryClaim(1, Dead);
        Assert.Equal(RunStateKind.Interrupted, Read().Kind);
    }

    [Fact]
    public void One_failure_is_tried_again_and_the_last_of_the_budget_is_final()
    {
        for (var failure = 1; failure <= RunState.FailureBudget; failure++)
        {
            Claims.TryClaim(failure - 1, ProcessIdentity.Current);
            Claims.End(failure, new ClaimEnd(ClaimEndKind.Failed, $"reason {failure}"));
            var state = Read();
            Assert.Equal(failure < RunState.FailureBudget ? RunStateKind.Interrupted : RunStateKind.Failed, state.Kind);
            Assert.Equal($"reason {failure}", state.Message);
        }
    }

    [Fact]
    public void Owners_that_die_before_their_first_step_and_disturbances_fail_nothing()
    {
        for (var number = 0; number < 10; number++)
        {
            Claims.TryClaim(number, Dead);
            if (number % 2 == 0) Claims.End(number + 1, new ClaimEnd(ClaimEndKind.Disturbed, "no space left"));
            Assert.Equal(RunStateKind.Interrupted, Read().Kind);
        }
        Claims.End(10, new ClaimEnd(ClaimEndKind.Disturbed, "locked"));
        Assert.Equal((10, "locked"), (Read().Deaths, Read().Message));
    }

    [Fact]
    public void Owners_that_die_without_getting_further_fail_the_run()
    {
        Claims.TryClaim(0, Dead);
        Claims.Beat(1, new Heartbeat(1, 500, 1000));
        for (var death = 1; death <= RunState.DeathBudget; death++)
        {
            Claims.TryClaim(death, Dead);
            Claims.Beat(death + 1, new Heartbeat(1, 400, 1000));
            Assert.Equal(death < RunState.DeathBudget ? RunStateKind.Interrupted : RunStateKind.Failed, Read().Kind);
        }
        Assert.Contains("memory", Read().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tuning_hears_of_no_loss_from_a_run_that_failed()
    {
        Assert.Null(new RunState(RunStateKind.Failed).TuningLoss);
        Assert.Null(new RunState(RunStateKind.Running).TuningLoss);
        Assert.Equal(double.PositiveInfinity, new RunState(RunStateKind.Diverged).TuningLoss);
    }

    private RunState Read() => RunState.Read(_folder, _watch);
}
