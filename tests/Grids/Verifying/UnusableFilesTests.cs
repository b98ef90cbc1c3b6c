using System.Text.Json.Nodes;
using PretrainBench.Core;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Verifying;
using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Tests.Verifying;

/// <summary>Files that are whole and yet cannot be what they should be.</summary>
public class UnusableFilesTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private readonly GridFolder _folder = grids.Folder(
        "axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1], seed: [0, 1]}\n"
        + "sizes: {t: {layers: 1, width: 16, heads: 1, feed_forward_width: 32}}");

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
    [InlineData("attempts")]
    [InlineData("claims")]
    public void A_file_in_a_folders_place_concerns_its_run_alone_and_is_not_tried_again(string name)
    {
        var runs = new GridView(_folder).Plan();
        Directory.CreateDirectory(_folder.RunFolder(runs[0].RunId));
        File.WriteAllText(Of(runs[0], name), "");
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var view = new GridView(_folder);
        Assert.Contains("is a file where a folder belongs", view.StateOf(runs[0]).Message, StringComparison.Ordinal);
        Assert.Equal(RunStateKind.Done, view.StateOf(runs[1]).Kind);
    }
}
