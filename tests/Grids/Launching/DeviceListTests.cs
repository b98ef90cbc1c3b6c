using PretrainBench.Core;
using PretrainBench.Grids.Launching;

namespace PretrainBench.Grids.Tests.Launching;

/// <summary>The division of devices that are told of; no test has any.</summary>
public class DeviceListTests
{
    [Theory]
    [InlineData("", null, 2, "cuda:0 cuda:1")]
    [InlineData("", null, 0, "")]
    [InlineData("", "cuda", 3, "cuda:0 cuda:1 cuda:2")]
    [InlineData("", "cuda:1", 3, "cuda:1")]
    [InlineData("", "cpu", 3, "")]
    [InlineData("cuda:2 cuda:0", "cuda:1", 3, "cuda:2 cuda:0")]
    [InlineData("cpu", "cuda", 3, "cpu")]
    public void What_is_asked_for_wins_over_the_base_and_that_over_what_there_is(
        string asked, string? ofBase, int visible, string expected)
        => Assert.Equal(expected, string.Join(' ', DeviceList.Of(Words(asked), ofBase, visible)));

    [Theory]
    [InlineData("cuda:2", 2, "sees 2")]
    [InlineData("cuda:0 cpu", 2, "cpu alone")]
    [InlineData("cuda", 2, "is no device")]
    [InlineData("cuda:0 cuda:0", 2, "named twice")]
    public void Devices_that_are_not_there_are_refused(string asked, int visible, string problem)
        => Assert.Contains(problem,
            Assert.Throws<UserException>(() => DeviceList.Of(Words(asked), null, visible)).Message);

    [Theory]
    [InlineData("cuda:1", null, "1")]
    [InlineData("cuda:1", "", "1")]
    [InlineData("cuda:1", "4,6", "6")]
    [InlineData("cuda:0", "GPU-8932f937, GPU-7a1", "GPU-8932f937")]
    [InlineData("cpu", "4,6", "")]
    public void A_worker_is_shown_its_device_alone(string device, string? shown, string expected)
        => Assert.Equal(expected, DeviceList.Visible(device, shown));

    [Theory]
    [InlineData(2, null, null, 2, 4, 1, "cuda:0 cuda:1")]
    [InlineData(2, null, 2, 4, 2, 2, "cuda:0 cuda:1 cuda:0 cuda:1")]
    [InlineData(2, 3, null, 3, 2, 2, "cuda:0 cuda:1 cuda:0")]
    public void Workers_are_given_devices_in_turn_and_divide_the_cores(
        int devices, int? workers, int? perDevice, int expected, int threads, int shared, string given)
    {
        var launch = LaunchConfig.From(workers, null, 8, DeviceList.Of([], null, devices), perDevice);
        Assert.Equal((expected, threads, shared, devices, "device"),
            (launch.Workers, launch.Threads, launch.WorkersPerDevice, launch.Lanes, launch.LaneName));
        Assert.Equal(given, string.Join(' ', Enumerable.Range(1, expected).Select(launch.DeviceOf)));
    }

    [Theory]
    [InlineData(0, null, 2, "no CUDA device")]
    [InlineData(1, 2, 2, "say the same")]
    [InlineData(1, null, 0, "at least one")]
    [InlineData(1, null, 9, "9 threads for 8 cores")]
    public void Sharing_that_cannot_be_is_refused(int devices, int? workers, int? perDevice, string problem)
        => Assert.Contains(problem, Assert.Throws<UserException>(() =>
            LaunchConfig.From(workers, null, 8, DeviceList.Of([], null, devices), perDevice)).Message);

    [Fact]
    public void Without_devices_workers_take_what_their_runs_say()
    {
        var launch = LaunchConfig.From(2, 3, 8, DeviceList.Of([], null, 0));
        Assert.Equal((null, 6, "thread"), (launch.DeviceOf(1), launch.Lanes, launch.LaneName));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
