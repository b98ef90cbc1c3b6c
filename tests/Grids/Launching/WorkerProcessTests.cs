using System.Collections.Concurrent;
using PretrainBench.Grids.Launching;

namespace PretrainBench.Grids.Tests.Launching;

/// <summary>Real processes: shells that do what a worker may do.</summary>
public class WorkerProcessTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly ConcurrentQueue<string> _lines = [];

    [Fact]
    public void A_worker_is_told_its_threads_and_that_it_is_watched_and_its_lines_carry_its_number()
    {
        const string Script
            = """echo "threads $OMP_NUM_THREADS, watched $PRETRAINBENCH_LAUNCHED"; echo >&2 trouble; exit 3""";
        using var worker = Start(Script, number: 7, threads: 2);
        Assert.True(worker.Wait(Long));
        Assert.Equal((true, 3), (worker.HasExited, worker.ExitCode));
        Assert.True(SpinWait.SpinUntil(() => _lines.Count == 2, Long));
        Assert.Equal(["worker 7: threads 2, watched 1", "worker 7: trouble"], _lines.Order());
    }

    [Theory]
    [InlineData("cuda:3", "3")]
    [InlineData("cpu", "")]
    public void A_worker_sees_its_device_alone(string device, string expected)
    {
        Assert.Null(Environment.GetEnvironmentVariable(DeviceList.VisibleVariable));
        using var worker = Start("""echo "devices <$CUDA_VISIBLE_DEVICES>" """, device: device);
        Assert.True(worker.Wait(Long));
        Assert.True(SpinWait.SpinUntil(() => _lines.Contains($"worker 1: devices <{expected}>"), Long));
    }

    [Fact]
    public void Stopping_closes_its_input_and_leaves_it_time_for_a_checkpoint()
    {
        using var worker = Start("cat > /dev/null; echo saved");
        Assert.False(worker.HasExited);
        worker.Stop();
        Assert.True(worker.Wait(Long));
        Assert.Equal(0, worker.ExitCode);
        Assert.True(SpinWait.SpinUntil(() => _lines.Contains("worker 1: saved"), Long));
    }

    [Fact]
    public void A_killed_worker_says_by_which_signal()
    {
        using var worker = Start("kill -KILL $$");
        Assert.True(worker.Wait(Long));
        Assert.Equal(128 + 9, worker.ExitCode);
    }

    [Fact]
    public void Stopping_one_that_has_ended_is_no_error()
    {
        using var worker = Start("exit 0");
        Assert.True(worker.Wait(Long));
        worker.Stop();
    }

    private WorkerProcess Start(string script, int number = 1, int threads = 1, string? device = null)
        => WorkerProcess.Start(["/bin/sh", "-c", script], number, threads, device, _lines.Enqueue);
}
