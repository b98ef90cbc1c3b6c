using PretrainBench.Core;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Tests.Launching;

/// <summary>What a launcher does where nothing is left to train; with workers of its own: tests/Cli.</summary>
public class LocalLauncherTests(TestGrid grids) : IClassFixture<TestGrid>
{
    [Fact]
    public void A_grid_with_nothing_left_to_do_starts_no_worker_and_says_whether_all_went_well()
    {
        var folder = grids.Folder("axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1]}");
        var run = Assert.Single(new GridView(folder).Plan());
        var claims = new ClaimFiles(folder.RunFolder(run.RunId));
        claims.TryClaim(0, ProcessIdentity.Current);
        claims.End(1, new ClaimEnd(ClaimEndKind.Failed, "impossible", Final: true));
        var seen = new List<GridStatus>();
        var lines = new List<string>();

        var code = new LocalLauncher(folder, new LaunchConfig(1, 1), lines.Add).Run(seen.Add, CancellationToken.None);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Equal(1, Assert.Single(seen).Count(RunStateKind.Failed));
        Assert.Empty(lines);
    }
}
