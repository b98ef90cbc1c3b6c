using TorchSharp;

namespace PretrainBench.Torch.Tests;

[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public class AloneInTheProcess;

[Collection(nameof(AloneInTheProcess))]
public class CollectionPauseTests
{
    /// <summary>
    /// Another thread makes garbage, as logging and progress do; without a pause it sets collections off.
    /// </summary>
    private static int CollectionsWhileAnotherThreadAllocates(int megabytes)
    {
        var before = GC.CollectionCount(0);
        var allocating = new Thread(() =>
        {
            for (var i = 0; i < megabytes << 10; i++) GC.KeepAlive(new byte[1000]);
        });
        allocating.Start();
        allocating.Join();
        return GC.CollectionCount(0) - before;
    }

    [Fact]
    public void Nothing_is_collected_inside_and_everything_outside()
    {
        using (CollectionPause.Begin()) Assert.Equal(0, CollectionsWhileAnotherThreadAllocates(5));
        Assert.NotEqual(0, CollectionsWhileAnotherThreadAllocates(1000));
    }

    [Fact]
    public void It_collects_between_steps_and_begins_again()
    {
        using var pause = CollectionPause.Begin();
        var before = GC.CollectionCount(0);
        for (var step = 0; step < 10; step++)
        {
            pause.Renew();
            Assert.Equal(0, CollectionsWhileAnotherThreadAllocates(3));
        }
        Assert.InRange(GC.CollectionCount(0) - before, 1, 8);
    }

    [Fact]
    public void Garbage_of_many_steps_does_not_pile_up()
    {
        using var pause = CollectionPause.Begin();
        for (var step = 0; step < 300; step++)
        {
            pause.Renew();
            CollectionsWhileAnotherThreadAllocates(3);
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: false), 0, 100 << 20);
    }

    [Fact]
    public void A_pause_within_a_pause_and_one_that_is_used_up_end_without_error()
    {
        using (CollectionPause.Begin())
        {
            using (CollectionPause.Begin()) CollectionsWhileAnotherThreadAllocates(1);
            CollectionsWhileAnotherThreadAllocates((int)(CollectionPause.Budget >> 20) * 2);
        }
        using (CollectionPause.Begin()) Assert.Equal(0, CollectionsWhileAnotherThreadAllocates(5));
    }

    /// <summary>With collections all the time on another thread, numbers given to operators were freed in use within a
    /// few thousand calls.</summary>
    [Fact]
    public void Norms_take_no_number_that_could_be_freed()
    {
        TorchLibrary.Load();
        using var stop = new CancellationTokenSource();
        var collecting = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                for (var i = 0; i < 100; i++) GC.KeepAlive(new byte[80_000]);
                GC.WaitForPendingFinalizers();
            }
        });
        collecting.Start();
        using var x = torch.ones(4, 8);
        using var gain = torch.ones(8);
        for (var i = 0; i < 20_000; i++) Operators.RmsNorm(x, gain, 1e-6).Dispose();
        stop.Cancel();
        collecting.Join();
    }
}
