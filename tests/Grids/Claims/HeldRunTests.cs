using PretrainBench.Grids.Claims;

namespace PretrainBench.Grids.Tests.Claims;

public sealed class HeldRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("claims").FullName;

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
        var now = TimeSpan.Zero;
        var watch = new OwnerWatch(TimeSpan.FromSeconds(90), () => now);
        Claims.TryClaim(0, Elsewhere);
        Claims.Beat(1, new Heartbeat(1));
        Assert.False(watch.IsDead(Claims, 1));
        now = TimeSpan.FromSeconds(80);
        Claims.Beat(1, new Heartbeat(2));
        Assert.False(watch.IsDead(Claims, 1));
        now = TimeSpan.FromSeconds(160);
        Assert.False(watch.IsDead(Claims, 1));
        now = TimeSpan.FromSeconds(171);
        Assert.True(watch.IsDead(Claims, 1));
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
        long[] tokens = [0, 500, 500, 400];
        int[] deaths = [1, 0, 1, 2];
        for (var i = 0; i < tokens.Length; i++)
        {
            Claims.TryClaim(i, Dead);
            Claims.Beat(i + 1, new Heartbeat(1, tokens[i], 1000));
            Assert.Equal(deaths[i], Claims.FruitlessDeaths());
        }
    }
}
