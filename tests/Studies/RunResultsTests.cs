using PretrainBench.Core;
using PretrainBench.Grids;

namespace PretrainBench.Studies.Tests;

public sealed class RunResultsTests(SmallGrid small) : IClassFixture<SmallGrid>
{
    [Fact]
    public void A_folder_is_read_as_the_grid_that_it_is_or_refused()
    {
        var grid = Path.Combine(small.Folder, "unfinished");
        new GridFolder(grid).Use(small.Read());
        Assert.Contains("no run of the grid has finished",
            Assert.Throws<UserException>(() => RunResults.Read([grid])).Message);
        Assert.Contains("no grid's", Assert.Throws<UserException>(() => RunResults.Read([small.Data])).Message);
        Assert.Contains("no grid has been planned",
            Assert.Throws<UserException>(() => RunResults.Read([Path.Combine(small.Folder, "grid.yaml")])).Message);
        Assert.Null(RunResults.GridAt("table.csv"));
    }

    [Fact]
    public void Tables_are_read_as_before()
    {
        var table = Path.Combine(small.Folder, "table.csv");
        File.WriteAllText(table, "optimizer,n,tokens,loss\nadamw,1e6,2e7,3.0\n");
        Assert.Equal(3, Assert.Single(RunResults.Read([table]).Rows).Loss);
    }
}
