using PretrainBench.Core;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Tests.Planning;

public class EditedGridTests(TestGrid grids) : IClassFixture<TestGrid>
{
    [Fact]
    public void An_edited_file_differs_from_the_plan_in_the_keys_that_were_edited()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        Assert.Empty(folder.Grid().DifferencesFrom(grids.Grid(TestGrid.TwoRuns)));
        var edited = grids.Grid(TestGrid.TwoRuns.Replace("[0, 1]", "[0]"), ", gradient_clip: 2");
        Assert.Equal(["axes.seed", "base.gradient_clip"], folder.Grid().DifferencesFrom(edited).Order());
    }

    [Fact]
    public void Settings_change_the_frozen_grid_as_they_would_change_its_file()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        var before = new GridView(folder).Plan();
        var grid = folder.Grid(["axes.seed=[0,7]"]);
        folder.Use(grid);
        Assert.Equal(["axes.seed"], grid.DifferencesFrom(grids.Grid(TestGrid.TwoRuns)));
        var after = new GridView(folder).Plan();
        Assert.Equal([before[0].RunId], before.Select(run => run.RunId).Intersect(after.Select(run => run.RunId)));
        Assert.Equal([0ul, 7ul], after.Select(run => run.Cell.Seed));
        Assert.Throws<UserException>(() => folder.Grid(["axes.sed=[0]"]));
    }

    [Fact]
    public void Workers_here_are_live_owners_of_this_machine_each_counted_once()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        var view = new GridView(folder);
        var claims = view.Plan().Select(run => new ClaimFiles(folder.RunFolder(run.RunId))).ToList();
        Assert.Equal(0, view.WorkersHere());
        foreach (var run in claims) run.TryClaim(0, ProcessIdentity.Current);
        Assert.Equal(1, view.WorkersHere());
        claims[0].End(1, new ClaimEnd(ClaimEndKind.Preempted));
        Assert.Equal(1, view.WorkersHere());
        claims[0].TryClaim(1, ProcessIdentity.Current with { Machine = "another" });
        claims[1].TryClaim(1, ProcessIdentity.Current with { StartTicks = 1 });
        Assert.Equal(0, view.WorkersHere());
    }
}
