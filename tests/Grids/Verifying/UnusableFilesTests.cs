using System.Text.Json.Nodes;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Verifying;
using PretrainBench.Grids.Working;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Tests.Verifying;

/// <summary>Files that are whole and yet cannot be what they should be.</summary>
public class UnusableFilesTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private readonly GridFolder _folder = grids.Folder(TestGrid.TwoRuns);

    private string Of(PlannedRun run, string name) => Path.Combine(_folder.RunFolder(run.RunId), name);

    [Theory]
    [InlineData("final_loss", 1e-300)]
    [InlineData("bits_per_byte", 1.0)]
    [InlineData("validation_tokens", 0)]
    [InlineData("model_flops", -1)]
    [InlineData("optimizer_flops", -1)]
    [InlineData("training_seconds", -3)]
    public void Numbers_that_no_run_can_have_are_no_result(string key, double value)
    {
        var run = new GridView(_folder).Plan()[0];
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var result = JsonNode.Parse(File.ReadAllText(Of(run, "result.json")))!;
        result[key] = value;
        File.WriteAllText(Of(run, "result.json"), result.ToJsonString());
        Assert.Equal(Of(run, "result.json"), Assert.Single(new GridVerifier(_folder, repair: false).Verify()).Path);
        Assert.Equal(RunStateKind.Failed, new GridView(_folder).StateOf(run).Kind);
    }

    [Fact]
    public void Damage_to_the_plan_makes_its_runs_no_strangers()
    {
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var plan = Directory.GetFiles(_folder.Root, "1.jsonl", SearchOption.AllDirectories).Single();
        File.WriteAllText(plan, File.ReadAllText(plan)[..^200]);
        var finding = Assert.Single(new GridVerifier(_folder, repair: false).Verify());
        Assert.Equal($"{plan}:2", finding.Path);
        Assert.DoesNotContain("LineNumber", finding.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", EntryKind.File)]
    [InlineData("", EntryKind.Link)]
    [InlineData("", EntryKind.PipeOrDevice)]
    [InlineData("attempts", EntryKind.File)]
    [InlineData("attempts", EntryKind.PipeOrDevice)]
    [InlineData("claims", EntryKind.File)]
    [InlineData("claims", EntryKind.Link)]
    [InlineData("claims/1", EntryKind.File)]
    [InlineData("claims/1", EntryKind.PipeOrDevice)]
    [InlineData("result.json", EntryKind.Folder)]
    [InlineData("result.json", EntryKind.Link)]
    [InlineData("result.json", EntryKind.PipeOrDevice)]
    [InlineData("config.yaml", EntryKind.Folder)]
    [InlineData("config.yaml", EntryKind.Link)]
    [InlineData("run_id", EntryKind.Folder)]
    [InlineData("run_id", EntryKind.PipeOrDevice)]
    [InlineData(".lock", EntryKind.Folder)]
    [InlineData(".lock", EntryKind.PipeOrDevice)]
    public void What_stands_in_anothers_place_concerns_its_run_alone_until_repaired(string name, EntryKind kind)
    {
        var runs = new GridView(_folder).Plan();
        var path = name.Length == 0 ? Path.Combine(_folder.Root, runs[0].RunId) : Of(runs[0], name);
        TestGrid.Make(path, kind);
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var view = new GridView(_folder);
        Assert.Contains("belongs; `pretrainbench grid verify --repair`", view.StateOf(runs[0]).Message,
            StringComparison.Ordinal);
        Assert.Equal(RunStateKind.Done, view.StateOf(runs[1]).Kind);

        Assert.Contains(new GridVerifier(_folder, repair: true).Verify(), finding => finding.Path == path);
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        Assert.Equal(RunStateKind.Done, new GridView(_folder).StateOf(runs[0]).Kind);
        Assert.Empty(new GridVerifier(_folder, repair: false).Verify());
    }

    [Theory]
    [InlineData("plans", EntryKind.File)]
    [InlineData("plans", EntryKind.PipeOrDevice)]
    [InlineData("plans/current", EntryKind.Folder)]
    [InlineData("plans/current", EntryKind.PipeOrDevice)]
    [InlineData("plans/ID", EntryKind.File)]
    [InlineData("plans/ID", EntryKind.Link)]
    [InlineData("plans/ID/grid.yaml", EntryKind.File)]
    [InlineData("plans/ID/grid.yaml", EntryKind.Folder)]
    [InlineData("plans/ID/grid.yaml", EntryKind.PipeOrDevice)]
    [InlineData("plans/ID/1.jsonl", EntryKind.File)]
    [InlineData("plans/ID/1.jsonl", EntryKind.Folder)]
    [InlineData("plans/ID/1.jsonl", EntryKind.Link)]
    [InlineData("plans/ID/1.jsonl", EntryKind.PipeOrDevice)]
    public void What_stands_in_a_plans_place_is_set_aside_and_the_plan_made_again(string name, EntryKind kind)
    {
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var grid = _folder.Grid();
        var path = Path.Combine(_folder.Root, name.Replace("ID", grid.Id, StringComparison.Ordinal));
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
        TestGrid.Make(path, kind);

        // Until then it is named, or planned again beside it.
        var folder = new GridFolder(_folder.Root);
        if (name.EndsWith(".jsonl", StringComparison.Ordinal)) Assert.Equal(2, new GridView(folder).Plan().Count);
        else
        {
            Assert.Matches("grid (verify --repair|launch GRID)",
                Assert.Throws<UserException>(() => new GridView(GridFolder.Planned(_folder.Root))).Message);
        }
        var found = new GridVerifier(folder, repair: false).Verify();
        Assert.NotEmpty(found);
        Assert.Equal(found.Select(finding => finding.Path).Distinct(), found.Select(finding => finding.Path));
        new GridVerifier(folder, repair: true).Verify();
        folder.Use(grid);
        Assert.Equal(ExitCodes.Done, new GridWorker(folder, 1).Work(CancellationToken.None));
        Assert.Equal(2, new GridView(folder).Status().Count(RunStateKind.Done));
        // Nothing was trained again.
        Assert.All(folder.Plan(), run => Assert.Single(Directory.GetDirectories(Of(run, "attempts"))));
        Assert.Empty(new GridVerifier(new GridFolder(_folder.Root), repair: false).Verify());
    }

    [Fact]
    public void Weights_that_were_cut_short_or_are_anothers_are_found()
    {
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var runs = new GridView(_folder).Plan();
        var (one, other) = (Of(runs[0], "weights.safetensors"), Of(runs[1], "weights.safetensors"));
        var whole = File.ReadAllBytes(one);
        foreach (var damage in new[] { whole[..^4], whole[..100], [.. whole, 0], [], File.ReadAllBytes(other) })
        {
            File.WriteAllBytes(one, damage);
            Assert.Equal(one, Assert.Single(new GridVerifier(_folder, repair: false).Verify()).Path);
        }
        Assert.NotNull(Assert.Single(new GridVerifier(_folder, repair: true).Verify()).Repaired);
        Assert.Equal(RunStateKind.Done, new GridView(_folder).StateOf(runs[0]).Kind);
    }

    [Fact]
    public void Curves_are_read_beside_a_pipe_in_their_place()
    {
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var run = new GridView(_folder).Plan()[0];
        var metrics = Of(run, "attempts/1/metrics.jsonl");
        Assert.NotEmpty(RunMetrics.Read(_folder.RunFolder(run.RunId)));
        File.Delete(metrics);
        TestGrid.Make(metrics, EntryKind.PipeOrDevice);
        Assert.Empty(RunMetrics.Read(_folder.RunFolder(run.RunId)));
        Assert.Equal(metrics, Assert.Single(new GridVerifier(_folder, repair: true).Verify()).Path);
        Assert.Empty(new GridVerifier(_folder, repair: false).Verify());
    }

    [Fact]
    public void A_folder_goes_aside_after_what_was_in_it()
    {
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var run = new GridView(_folder).Plan()[0];
        File.WriteAllText(Of(run, "claims/1/claim.json"), "null");
        File.Delete(Of(run, "claims/1/ended.json"));
        TestGrid.Make(Of(run, "claims/1/ended.json"), EntryKind.PipeOrDevice);
        var found = new GridVerifier(_folder, repair: true).Verify();
        Assert.Equal([Of(run, "claims/1"), Of(run, "claims/1/ended.json")], found.Select(finding => finding.Path));
        Assert.All(found, finding => Assert.NotEqual(EntryKind.Nothing, FileEntry.KindOf(finding.Repaired!)));
        Assert.Empty(new GridVerifier(_folder, repair: false).Verify());
    }

    [Fact]
    public void A_link_in_a_runs_place_does_not_keep_the_others_from_another_try()
    {
        var runs = new GridView(_folder).Plan();
        TestGrid.Make(Path.Combine(_folder.Root, runs[0].RunId), EntryKind.Link);
        Directory.CreateDirectory(_folder.RunFolder(runs[1].RunId));
        var claims = new ClaimFiles(_folder.RunFolder(runs[1].RunId));
        claims.TryClaim(0, ProcessIdentity.Current);
        claims.End(1, new ClaimEnd(ClaimEndKind.Failed, "no memory", Final: true));
        _folder.Forgive();
        Assert.Equal(RunStateKind.Failed, new GridView(_folder).StateOf(runs[0]).Kind);
        Assert.Equal(RunStateKind.Interrupted, new GridView(_folder).StateOf(runs[1]).Kind);
    }

    [Fact]
    public void What_failed_for_damage_that_is_set_aside_is_tried_again()
    {
        var run = new GridView(_folder).Plan()[0];
        Directory.CreateDirectory(_folder.RunFolder(run.RunId));
        var claims = new ClaimFiles(_folder.RunFolder(run.RunId));
        claims.TryClaim(0, ProcessIdentity.Current);
        claims.End(1, new ClaimEnd(ClaimEndKind.Failed, "the folder holds another run", Final: true));
        File.WriteAllText(Of(run, "run_id"), "another");
        Assert.Equal(RunStateKind.Failed, new GridView(_folder).StateOf(run).Kind);
        Assert.NotNull(Assert.Single(new GridVerifier(_folder, repair: true).Verify()).Repaired);
        Assert.Equal(RunStateKind.Interrupted, new GridView(_folder).StateOf(run).Kind);
    }
}
