using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers.Tests.Schedules;

public class ScheduleConfigTests
{
    [Fact]
    public void Warm_up_begins_at_one_step_s_share_and_ends_at_the_peak()
    {
        var schedule = new ScheduleConfig { WarmupSteps = 4 };

        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Enumerable.Range(0, 5).Select(t => schedule.Factor(t, 100)));
    }

    [Fact]
    public void Cosine_falls_from_the_peak_over_its_middle_to_the_final_fraction()
    {
        var schedule = new ScheduleConfig { Kind = ScheduleKind.Cosine, WarmupSteps = 20, FinalFraction = 0.1 };

        Assert.Equal(1, schedule.Factor(20, 120), 12);
        Assert.Equal(0.55, schedule.Factor(70, 120), 12);
        Assert.Equal(0.1, schedule.Factor(120, 120), 12);
        Assert.Equal(0.1, schedule.Factor(500, 120), 12);
    }

    [Fact]
    public void Linear_falls_in_a_straight_line()
    {
        var schedule = new ScheduleConfig { Kind = ScheduleKind.Linear, WarmupFraction = 0.1 };

        Assert.Equal(1, schedule.Factor(10, 110 - 10), 12);
        Assert.Equal(0.5, schedule.Factor(55, 100), 12);
        Assert.Equal(0, schedule.Factor(100, 100), 12);
        Assert.True(schedule.Factor(99, 100) > 0);
    }

    [Theory]
    [InlineData(DecayShape.Linear, 0.5)]
    [InlineData(DecayShape.OneMinusSqrt, 0.292893218813)]
    [InlineData(DecayShape.Cosine, 0.5)]
    public void Wsd_is_constant_until_its_decay(DecayShape shape, double half)
    {
        var schedule = new ScheduleConfig
        {
            Kind = ScheduleKind.Wsd,
            WarmupSteps = 10,
            DecayFraction = 0.2,
            DecayShape = shape,
        };

        Assert.Equal(1, schedule.Factor(10, 100), 12);
        Assert.Equal(1, schedule.Factor(80, 100), 12);
        Assert.Equal(half, schedule.Factor(90, 100), 10);
        Assert.Equal(0, schedule.Factor(100, 100), 12);
    }

    [Theory]
    [InlineData(100, 80)]
    [InlineData(30, 24)]
    [InlineData(12, 10)]
    public void Wsd_schedules_of_one_warm_up_are_the_same_up_to_the_shorter_one_s_decay(int steps, int decayStart)
    {
        var schedule = new ScheduleConfig { Kind = ScheduleKind.Wsd, WarmupSteps = 10, DecayFraction = 0.2 };

        Assert.Equal(decayStart, schedule.DecayStart(steps));
        Assert.All(Enumerable.Range(0, decayStart),
            t => Assert.Equal(schedule.Factor(t, 1000), schedule.Factor(t, steps)));
        Assert.True(schedule.Factor(decayStart + 1, steps) < 1);
    }

    [Fact]
    public void Constant_stays_at_the_peak()
    {
        var schedule = new ScheduleConfig { Kind = ScheduleKind.Constant, WarmupSteps = 2 };

        Assert.Equal([0.5, 1, 1, 1], Enumerable.Range(0, 4).Select(t => schedule.Factor(t, 4)));
    }

    [Fact]
    public void A_warm_up_in_tokens_becomes_steps()
        => Assert.Equal(0.5, new ScheduleConfig { WarmupTokens = 8192 }.ForBatch(2048).Factor(1, 100));

    [Fact]
    public void A_warm_up_longer_than_the_run_is_cut()
        => Assert.Equal(1, new ScheduleConfig { WarmupSteps = 50 }.Factor(9, 10));

    [Fact]
    public void No_factor_leaves_zero_to_one()
    {
        foreach (var kind in Enum.GetValues<ScheduleKind>())
            for (var t = 0; t <= 60; t++)
                Assert.InRange(new ScheduleConfig { Kind = kind, FinalFraction = 0.05 }.Factor(t, 50), 0, 1);
    }

    [Fact]
    public void Impossible_values_are_all_reported()
    {
        var problems = (
            (IValidated)new ScheduleConfig
            {
                WarmupFraction = 1.5,
                FinalFraction = -1,
                DecayFraction = 0,
                WarmupSteps = 1,
                WarmupTokens = 1
            }).Validate();

        Assert.Equal(["WarmupFraction", "WarmupTokens", "FinalFraction", "DecayFraction"],
            problems.Select(problem => problem.Property));
    }
}
