using PretrainBench.Core;
using PretrainBench.Grids.Launching;

namespace PretrainBench.Grids.Tests.Launching;

public class LaunchConfigTests
{
    [Theory]
    [InlineData(null, null, 8, 8, 1)]
    [InlineData(3, null, 8, 3, 2)]
    [InlineData(16, 1, 16, 16, 1)]
    [InlineData(null, 3, 8, 2, 3)]
    [InlineData(2, 4, 8, 2, 4)]
    [InlineData(null, null, 1, 1, 1)]
    public void What_is_left_open_fills_the_cores(int? workers, int? threads, int cores, int expectedWorkers,
        int expectedThreads)
        => Assert.Equal(new LaunchConfig(expectedWorkers, expectedThreads), LaunchConfig.From(workers, threads, cores));

    [Theory]
    [InlineData(9, null, 8, "9 threads for 8 cores")]
    [InlineData(null, 9, 8, "9 threads for 8 cores")]
    [InlineData(3, 3, 8, "9 threads for 8 cores")]
    [InlineData(0, null, 8, "--workers 0")]
    [InlineData(null, -1, 8, "--threads -1")]
    public void More_threads_than_cores_and_none_at_all_are_refused(int? workers, int? threads, int cores,
        string expected)
        => Assert.Contains(expected,
            Assert.Throws<UserException>(() => LaunchConfig.From(workers, threads, cores)).Message,
            StringComparison.Ordinal);
}
