using System.Diagnostics;
using PretrainBench.Training.Loop;

namespace PretrainBench.Training.Tests.Loop;

public class TrainingClockTests
{
    [Fact]
    public void It_goes_on_from_the_attempts_before()
    {
        var clock = new TrainingClock(100, 40);
        Assert.Equal((100, 40), (clock.TrainingSeconds, clock.OptimizerSeconds));
        Step(clock);
        Assert.True(clock.TrainingSeconds > 100 && clock.OptimizerSeconds > 40);
    }

    [Fact]
    public void The_optimizers_time_is_part_of_the_steps()
    {
        var clock = new TrainingClock(0, 0);
        for (var step = 0; step < 5; step++) Step(clock);
        Assert.InRange(clock.OptimizerSeconds, double.Epsilon, clock.TrainingSeconds);
    }

    [Fact]
    public void Time_between_steps_is_not_training()
    {
        var clock = new TrainingClock(0, 0);
        Step(clock);
        var (training, optimizer) = (clock.TrainingSeconds, clock.OptimizerSeconds);
        UntilTheClockMoves();
        Assert.Equal((training, optimizer), (clock.TrainingSeconds, clock.OptimizerSeconds));
    }

    [Fact]
    public void The_first_step_says_nothing_about_the_time_of_one()
    {
        var clock = new TrainingClock(0, 0);
        Step(clock);
        Assert.Equal(0, clock.SecondsPerStep);
        var before = clock.TrainingSeconds;
        Step(clock);
        Assert.Equal(clock.TrainingSeconds - before, clock.SecondsPerStep, 1e-9);
    }

    [Fact]
    public void Later_steps_count_by_a_tenth()
    {
        var clock = new TrainingClock(0, 0);
        Step(clock);
        Step(clock);
        for (var step = 0; step < 5; step++)
        {
            var (seconds, before) = (clock.TrainingSeconds, clock.SecondsPerStep);
            Step(clock);
            Assert.Equal(0.9 * before + 0.1 * (clock.TrainingSeconds - seconds), clock.SecondsPerStep, 1e-9);
        }
    }

    [Fact]
    public void A_step_gives_its_result_back() => Assert.Equal(7, new TrainingClock(0, 0).Step(() => 7));

    private static void Step(TrainingClock clock) => clock.Step(() =>
    {
        UntilTheClockMoves();
        clock.Optimizer(CPU, UntilTheClockMoves);
        return 0;
    });

    private static void UntilTheClockMoves()
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetTimestamp() == start;) Thread.SpinWait(1);
    }
}
