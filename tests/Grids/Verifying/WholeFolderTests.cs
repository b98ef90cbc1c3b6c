using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Verifying;
using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Tests.Verifying;

/// <summary>What is wrong beside a grid's runs: it hides nothing, and nothing is judged by what is away.</summary>
public class WholeFolderTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private readonly GridFolder _folder = grids.Folder(TestGrid.TwoRuns);

    private string Of(PlannedRun run, string name) => Path.Combine(_folder.RunFolder(run.RunId), name);

    private IReadOnlyList<PlannedRun> Trained()
    {
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        return _folder.Plan();
    }

    [Fact]
    public void A_data_set_that_is_away_is_named_once_and_condemns_nothing()
    {
        Trained();
        var away = grids.Data + "-away";
        Directory.Move(grids.Data, away);
        try
        {
            var finding = Assert.Single(new GridVerifier(_folder, repair: true).Verify());
            Assert.Equal((grids.Data, null), (finding.Path, finding.Repaired));
        }
        finally
        {
            Directory.Move(away, grids.Data);
        }
        Assert.Empty(new GridVerifier(_folder, repair: false).Verify());
    }

    [Fact]
    public void A_pointer_that_is_too_long_is_set_aside_like_any_other()
    {
        Trained();
        File.WriteAllText(_folder.Pointer, new string('x', 30_000));
        Assert.Contains("grid verify --repair",
            Assert.Throws<UserException>(() => new GridView(_folder)).Message, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(new GridVerifier(_folder, repair: true).Verify()).Repaired);
        Assert.Empty(new GridVerifier(_folder, repair: false).Verify());
    }

    [Theory]
    [InlineData("2.jsonl")]
    [InlineData("0.jsonl")]
    public void A_plan_larger_than_any_is_not_read(string name)
    {
        Trained();
        var path = Path.Combine(_folder.PlansFolder, _folder.Grid().Id, name);
        using (var file = File.Create(path)) file.SetLength(3_000_000_000);
        var found = new GridVerifier(_folder, repair: true).Verify();
        Assert.Equal(name == "2.jsonl" ? 1 : 0, found.Count(finding => finding.Repaired is not null));
        Assert.Equal(2, new GridView(_folder).Status().Count(RunStateKind.Done));
    }

    [Fact]
    public void A_start_larger_than_any_is_not_read()
    {
        var run = Trained()[0];
        using (var file = File.Create(Of(run, "attempts/1/start.json"))) file.SetLength(3_000_000_000);
        Assert.NotNull(Assert.Single(new GridVerifier(_folder, repair: true).Verify()).Repaired);
    }

    [Theory]
    [InlineData("current")]
    [InlineData("ID/grid.yaml")]
    public void A_damaged_plan_hides_no_damage_to_its_runs(string name)
    {
        var run = Trained()[0];
        var grid = _folder.Grid();
        File.WriteAllText(Of(run, "result.json"), "null");
        var damaged = name.Replace("ID", grid.Id, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder.PlansFolder, damaged), "{");
        Assert.Contains(new GridVerifier(_folder, repair: true).Verify(),
            finding => finding.Path == Of(run, "result.json") && finding.Repaired is not null);
        _folder.Use(grid);
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        Assert.Empty(new GridVerifier(_folder, repair: false).Verify());
    }

    [Fact]
    public void What_stands_in_the_place_of_what_is_set_aside_makes_way()
    {
        var run = Trained()[0];
        var place = Path.Combine(_folder.Root, "set-aside");
        File.WriteAllText(place, "mine");
        File.WriteAllText(Of(run, "result.json"), "null");
        Assert.Equal(2, new GridVerifier(_folder, repair: false).Verify().Count);
        var found = new GridVerifier(_folder, repair: true).Verify();
        Assert.All(found, finding => Assert.NotEqual(EntryKind.Nothing, FileEntry.KindOf(finding.Repaired!)));
        Assert.Equal("mine", File.ReadAllText(found.Single(finding => finding.Path == place).Repaired!));
    }
}
