namespace PretrainBench.Faults.Tests;

/// <summary>A campaign and races small enough for every change; longer ones: <c>scripts/campaign.sh</c>.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Whatever_strikes_every_run_has_its_one_result_with_the_same_bits()
    {
        var report = new Campaign(_folder, seed: 1, _ => { }).Run(faults: 12);
        Assert.Empty(report.Problems);
        Assert.Equal(12, report.Faults.Values.Sum());
    }

    [Fact]
    public void Of_two_processes_one_wins_each_claim() => Assert.Equal(0, ClaimRaces.Run(_folder, 2000));
}
