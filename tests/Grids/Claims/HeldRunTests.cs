using PretrainBench.Core;
using PretrainBench.Grids.Claims;

namespace PretrainBench.Grids.Tests.Claims;

public sealed class HeldRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("claims").FullName;

    private readonly OwnerWatch _watch;
    private TimeSpan _now;

    public HeldRunTests() => _watch = new OwnerWatch(TimeSpan.FromSeconds(90), () => _now);

    private ClaimFiles Claims => new(_folder);

    private static ProcessIdentity Elsewhere => new("other", "another boot/pid:[1]", 1, 1);

    private static ProcessIdentity Dead => ProcessIdentity.Current with
    {
        StartTicks = ProcessIdentity.Current.StartTicks - 1,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_many_that_claim_at_once_one_succeeds()
    {
        var winners = 0;
        Parallel.For(0, 64, _ =>
        {
            if (Claims.TryClaim(0, ProcessIdentity.Current)) Interlocked.Increment(ref winners);
        });
        Assert.Equal(1, winners);
        Assert.Equal(1, Claims.Newest);
    }

    [Fact]
    public void A_living_owner_is_left_alone_and_a_dead_one_on_this_machine_is_superseded_at_once()
    {
        var watch = new OwnerWatch(TimeSpan.FromHours(1));
        using var first = HeldRun.TryTake(Claims, watch)!;
        Assert.Equal(1, first.Number);
        Assert.Null(HeldRun.TryTake(Claims, watch));

        Assert.True(Claims.TryClaim(1, Dead));
        using var third = HeldRun.TryTake(Claims, watch)!;
        Assert.Equal(3, third.Number);
        Assert.True(third.IsOwner);
        Assert.False(first.IsOwner);
    }

    [Fact]
    public void An_owner_that_was_superseded_writes_nothing_more()
    {
        using var first = HeldRun.TryTake(Claims, new OwnerWatch(TimeSpan.FromHours(1)))!;
        Assert.True(Claims.TryClaim(1, Dead));
        var before = File.ReadAllText(Path.Combine(Claims.FolderOf(1), "heartbeat.json"));
        first.Report(10, 100, 5, 3.5);
        first.Beat();
        first.End(new ClaimEnd(ClaimEndKind.Failed, "locked"));
        Assert.Equal(before, File.ReadAllText(Path.Combine(Claims.FolderOf(1), "heartbeat.json")));
        Assert.Null(Claims.EndOf(1));
    }

    [Fact]
    public void An_owner_elsewhere_is_judged_by_its_counter_on_the_readers_own_clock()
    {
        Claims.TryClaim(0, Elsewhere);
        Claims.Beat(1, new Heartbeat(1));
        Assert.False(DeadAfter(80));
        Claims.Beat(1, new Heartbeat(2));
        Assert.False(DeadAfter(90));
        Assert.True(DeadAfter(10));
    }

    [Fact]
    public void An_owner_on_this_machine_that_was_stopped_is_judged_alike()
    {
        Claims.TryClaim(0, ProcessIdentity.Current);
        Claims.Beat(1, new Heartbeat(1, PatienceSeconds: 1000));
        Assert.False(DeadAfter(90));
        Assert.True(DeadAfter(10));
    }

    [Fact]
    public void An_owner_that_beats_and_does_nothing_hangs_when_its_own_patience_is_spent()
    {
        Claims.TryClaim(0, ProcessIdentity.Current);
        var beats = 0;
        bool HangsAfter(int seconds, long work) => DeadAfter(seconds,
            () => Claims.Beat(1, new Heartbeat(++beats, Work: work, PatienceSeconds: 300)));
        Assert.False(HangsAfter(250, work: 1));
        Assert.False(HangsAfter(300, work: 2));
        Assert.True(HangsAfter(10, work: 2));
    }

    [Fact]
    public void A_reader_that_was_stopped_itself_has_seen_nothing()
    {
        Claims.TryClaim(0, ProcessIdentity.Current);
        Claims.Beat(1, new Heartbeat(1));
        Assert.False(DeadAfter(0));
        _now += TimeSpan.FromHours(1);
        Assert.False(_watch.IsDead(Claims, 1));
    }

    [Fact]
    public void A_damaged_claim_is_judged_by_its_heartbeat()
    {
        var number = 0;
        foreach (var content in new[] { "", "null", "{}", "{\"host\": \"x\"", "[1]" })
        {
            number++;
            Claims.TryClaim(number - 1, ProcessIdentity.Current);
            File.WriteAllText(Path.Combine(Claims.FolderOf(number), "claim.json"), content);
            Assert.False(DeadAfter(90));
            Assert.True(DeadAfter(10), content);
        }
    }

    [Fact]
    public void What_was_done_is_told_and_what_takes_long_makes_patient()
    {
        using var held = HeldRun.TryTake(Claims, _watch)!;
        held.BePatient(TimeSpan.FromHours(1));
        held.Worked();
        held.Beat();
        var beat = Claims.HeartbeatOf(1)!;
        Assert.Equal((1, 3600 + HeldRun.LeastPatience.TotalSeconds), (beat.Work, beat.PatienceSeconds));
        Assert.NotNull(beat.WorkedAt);
    }

    [Fact]
    public void A_process_killed_from_outside_spends_nothing()
    {
        Claims.TryClaim(0, Dead);
        Claims.Beat(1, new Heartbeat(1, 100, 1000));
        Assert.Equal(1, Claims.Deaths());
        Claims.EndKilled(Dead.ProcessId + 1, "another's");
        Assert.Null(Claims.EndOf(1));
        Claims.EndKilled(Dead.ProcessId, "killed");
        Assert.Equal(new ClaimEnd(ClaimEndKind.Disturbed, "killed"), Claims.EndOf(1));
        Assert.Equal((0, 1), (Claims.FruitlessDeaths(), Claims.Deaths()));
        Assert.Empty(Claims.Failures());
    }

    // Looks every five seconds.
    private bool DeadAfter(int seconds, Action? beat = null)
    {
        var dead = false;
        for (var passed = 0; passed <= seconds; passed += 5)
        {
            beat?.Invoke();
            dead = _watch.IsDead(Claims, Claims.Newest);
            _now += TimeSpan.FromSeconds(5);
        }
        return dead;
    }

    [Fact]
    public void An_ended_claim_is_free_for_the_next()
    {
        var watch = new OwnerWatch(TimeSpan.FromHours(1));
        using var first = HeldRun.TryTake(Claims, watch)!;
        first.Report(10, 100, 5, 3.5);
        first.End(new ClaimEnd(ClaimEndKind.Preempted));
        using var second = HeldRun.TryTake(Claims, watch)!;
        Assert.Equal(2, second.Number);
        Assert.Equal(ClaimEndKind.Preempted, Claims.EndOf(1)!.Kind);
    }

    [Fact]
    public void Failures_count_until_they_are_forgiven()
    {
        for (var number = 0; number < 2; number++)
        {
            Claims.TryClaim(number, ProcessIdentity.Current);
            Claims.End(number + 1, new ClaimEnd(ClaimEndKind.Failed, "no reason"));
        }
        Assert.Equal(2, Claims.Failures().Count);
        Claims.Forgive();
        Assert.Empty(Claims.Failures());
    }

    [Fact]
    public void Deaths_count_only_when_they_get_no_further()
    {
        // The first and the last died before their first step.
        long[] tokens = [0, 400, 500, 500, 400, 0];
        int[] deaths = [0, 0, 0, 1, 2, 2];
        for (var i = 0; i < tokens.Length; i++)
        {
            Claims.TryClaim(i, Dead);
            Claims.Beat(i + 1, new Heartbeat(1, tokens[i], 1000));
            Assert.Equal(deaths[i], Claims.FruitlessDeaths());
        }
    }
}
