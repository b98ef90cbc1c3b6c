using System.Text.Json.Nodes;
using PretrainBench.Core;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Verifying;
using PretrainBench.Grids.Working;

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
    [InlineData("", true)]
    [InlineData("attempts", true)]
    [InlineData("claims", true)]
    [InlineData("claims/1", true)]
    [InlineData("result.json", false)]
    [InlineData("config.yaml", false)]
    [InlineData("run_id", false)]
    [InlineData(".lock", false)]
    public void A_file_in_a_folders_place_and_the_reverse_concern_their_run_alone_until_repaired(
        string name, bool isFile)
    {
        var runs = new GridView(_folder).Plan();
        var path = name.Length == 0 ? _folder.RunFolder(runs[0].RunId) : Of(runs[0], name);
        Directory.CreateDirectory(isFile ? Path.GetDirectoryName(path)! : path);
        if (isFile) File.WriteAllText(path, "");
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

    [Fact]
    public void A_folder_in_the_place_of_a_plans_file_is_named_and_set_aside()
    {
        var runs = new GridView(_folder).Plan();
        var plan = Directory.GetFiles(_folder.Root, "1.jsonl", SearchOption.AllDirectories).Single();
        File.Delete(plan);
        Directory.CreateDirectory(plan);
        Assert.Contains("is a folder where a file of the plan belongs",
            Assert.Throws<UserException>(() => new GridView(_folder).Plan()).Message, StringComparison.Ordinal);
        Assert.Equal(plan, Assert.Single(new GridVerifier(_folder, repair: true).Verify()).Path);
        Assert.Equal(runs.Select(run => run.RunId), new GridView(_folder).Plan().Select(run => run.RunId));
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
