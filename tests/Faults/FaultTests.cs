using System.Diagnostics;
using System.Globalization;

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
    public void The_clock_under_which_the_programs_run_can_be_set()
    {
        var clock = new WallClock(_folder);
        if (!File.Exists("/usr/bin/cc")) return;
        Assert.True(clock.Set(TimeSpan.FromDays(-400)));
        var info = new ProcessStartInfo("date", ["-u", "+%Y-%m-%d"]) { RedirectStandardOutput = true };
        clock.Rule(info);
        using var date = Process.Start(info)!;
        var shown = DateTime.Parse(date.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        Assert.InRange((DateTimeOffset.UtcNow.UtcDateTime - shown).TotalDays, 399, 402);
    }

    [Fact]
    public void Of_two_processes_one_wins_each_claim() => Assert.Equal(0, ClaimRaces.Run(_folder, 2000));
}
