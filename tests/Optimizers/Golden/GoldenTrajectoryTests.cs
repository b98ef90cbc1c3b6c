namespace PretrainBench.Optimizers.Tests.Golden;

public class GoldenTrajectoryTests
{
    [Theory]
    [MemberData(nameof(GoldenFiles.Trajectories), MemberType = typeof(GoldenFiles))]
    public void Follows_the_reference_implementation(string name) => Follows(name, bundled: false);

    [Theory]
    [MemberData(nameof(GoldenFiles.Trajectories), MemberType = typeof(GoldenFiles))]
    public void Follows_it_with_parameters_updated_together(string name) => Follows(name, bundled: true);

    private static void Follows(string name, bool bundled)
    {
        var file = GoldenFiles.Trajectory(name);
        var tolerance = file.GetProperty("tolerance").GetProperty("atol").GetDouble();
        using var trajectory = new GoldenTrajectory(file, bundled);

        var (deviation, where) = trajectory.Replay();

        Assert.True(deviation <= tolerance, $"off by {deviation:E2} (allowed {tolerance:E2}) in {where}");
    }
}
