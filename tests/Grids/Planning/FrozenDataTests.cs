using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Collecting;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Verifying;
using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Tests.Planning;

/// <summary>Grids whose folder or data set is not where it was.</summary>
public sealed class FrozenDataTests : IDisposable
{
    private readonly TestGrid _grids = new();
    private readonly string _elsewhere = Directory.CreateTempSubdirectory("pretrainbench-elsewhere-").FullName;

    public void Dispose()
    {
        _grids.Dispose();
        Directory.Delete(_elsewhere, recursive: true);
    }

    [Fact]
    public void A_grid_that_was_moved_is_read_without_its_data_set()
    {
        var folder = _grids.Folder(TestGrid.TwoRuns);
        Assert.Equal(ExitCodes.Done, Work(folder));
        var rows = GridCollector.Collect(folder).Cells;
        var moved = new GridFolder(Path.Combine(_elsewhere, "grid"));
        Directory.Move(folder.Root, moved.Root);
        Directory.Move(_grids.Data, Path.Combine(_elsewhere, "data"));

        Assert.Equal(rows, GridCollector.Collect(moved).Cells);
        Assert.True(new GridView(moved).Status().IsComplete);
        moved.Use(_grids.Grid(TestGrid.TwoRuns));
        Assert.Equal(ExitCodes.Done, Work(moved));
    }

    [Fact]
    public void A_grid_goes_on_with_its_data_set_at_another_place()
    {
        var folder = _grids.Folder(TestGrid.TwoRuns);
        new GridView(folder).Plan();
        var planned = folder.Plan();
        var data = Path.Combine(_elsewhere, "data");
        Directory.Move(_grids.Data, data);
        Work(folder);
        Assert.All(new GridView(folder).Status().Lines,
            line => Assert.Contains(_grids.Data, line.State.Message, StringComparison.Ordinal));

        var frozen = folder.Grid();
        ConfigFile.Override(frozen.Base, $"data.folder={data}");
        folder.Use(frozen);
        folder.Forgive();
        Assert.Equal(ExitCodes.Done, Work(folder));
        Assert.Equal(planned.Select(run => run.RunId), folder.Plan().Select(run => run.RunId));
        Assert.Empty(new GridVerifier(folder, repair: false).Verify());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"fingerprint\": null}")]
    [InlineData(null)]
    public void Where_the_plan_kept_nothing_of_the_data_set_the_data_set_is_asked(string? kept)
    {
        var folder = _grids.Folder(TestGrid.TwoRuns);
        var path = Assert.Single(Directory.GetFiles(folder.Root, "data.json", SearchOption.AllDirectories));
        if (kept is null) File.Delete(path);
        else File.WriteAllText(path, kept);
        Assert.Equal(2, new GridView(folder).Plan().Count);

        folder.Use(_grids.Grid(TestGrid.TwoRuns));
        Assert.Contains("data_hash", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_cannot_be_planned_without_its_data_set()
    {
        Directory.Delete(_grids.Data, recursive: true);
        Assert.Contains("no prepared dataset",
            Assert.Throws<UserException>(() => _grids.Folder(TestGrid.TwoRuns)).Message, StringComparison.Ordinal);
    }

    private static int Work(GridFolder folder) => new GridWorker(folder, threads: 1).Work(CancellationToken.None);
}
