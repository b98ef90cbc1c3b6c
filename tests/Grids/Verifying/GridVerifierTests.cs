using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Verifying;
using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Tests.Verifying;

/// <summary>Damage of every kind of file: it concerns its run alone, is named, and goes aside.</summary>
public class GridVerifierTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private readonly GridFolder _folder = grids.Folder(TestGrid.TwoRuns);

    private string Of(PlannedRun run, params string[] path) => Path.Combine([_folder.RunFolder(run.RunId), .. path]);

    [Fact]
    public void What_is_damaged_concerns_its_run_alone_and_is_mended_by_setting_it_aside()
    {
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        Assert.Empty(new GridVerifier(_folder, repair: false).Verify());
        var runs = new GridView(_folder).Plan();
        var (one, other) = (runs[0], runs[1]);
        var losses = runs.Select(run => new GridView(_folder).StateOf(run).Result!.FinalLoss).ToList();
        var whole = File.ReadAllText(Of(one, "result.json"));
        var loss = losses[0]!.Value.Exact();
        foreach (var damage in new[]
        {
            "", "null", "{}", whole[..100], File.ReadAllText(Of(other, "result.json")),
            whole.Replace($"\"final_loss\": {loss}", $"\"final_loss\": -{loss}"),
            whole.Replace($"\"final_loss\": {loss}", "\"final_loss\": null"),
            whole.Replace("\"config\": {", "\"x\": {"),
        })
        {
            File.WriteAllText(Of(one, "result.json"), damage);
            var view = new GridView(_folder);
            var state = view.StateOf(one);
            Assert.Equal((RunStateKind.Failed, RunStateKind.Done), (state.Kind, view.StateOf(other).Kind));
            Assert.Contains("result.json", state.Message, StringComparison.Ordinal);
            Assert.Contains("grid verify --repair", state.Message, StringComparison.Ordinal);
        }
        File.WriteAllText(Of(other, "claims", "1", "ended.json"), "null");
        File.WriteAllText(Of(other, "attempts", "1", "start.json"), "{\"step\":");
        File.WriteAllText(Of(other, "run_id"), "");
        var plan = Directory.GetFiles(_folder.Root, "1.jsonl", SearchOption.AllDirectories).Single();
        var lines = File.ReadAllLines(plan);
        File.WriteAllLines(plan,
            [lines[0], lines[1].Replace("\"seed\":1", "\"seed\":2"), "{\"run_id\":\"../../victim\"}"]);
        Directory.CreateDirectory(Path.Combine(_folder.Root, "stranger", "claims", "1"));

        var found = new GridVerifier(_folder, repair: false).Verify();
        Assert.Equal(7, found.Count);
        Assert.All(found, finding => Assert.Null(finding.Repaired));
        var kept = Files();
        var repaired = new GridVerifier(_folder, repair: true).Verify();
        Assert.Equal(found.Select(finding => finding.Path), repaired.Select(finding => finding.Path));
        Assert.Equal(6, repaired.Count(finding => finding.Repaired is not null));
        Assert.Equal(kept + 1, Files());

        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        Assert.Equal(losses, runs.Select(run => new GridView(_folder).StateOf(run).Result!.FinalLoss));
        Assert.Single(new GridVerifier(_folder, repair: false).Verify());

        // But for the marks of runs that are tried again.
        int Files() => Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories)
            .Count(path => Path.GetFileName(path) != "forgiven");
    }

    [Fact]
    public void A_damaged_line_or_an_empty_plan_is_planned_again()
    {
        var runs = new GridView(_folder).Plan();
        var plan = Directory.GetFiles(_folder.Root, "1.jsonl", SearchOption.AllDirectories).Single();
        var line = File.ReadAllLines(plan)[0];
        foreach (var damage in new[] { "", "null", "{}", line[..50], line + "\n" + line[..50] + "\n" })
        {
            File.WriteAllText(plan, damage);
            File.Delete(Path.Combine(Path.GetDirectoryName(plan)!, "2.jsonl"));
            Assert.Equal(runs.Select(run => run.RunId).Order(),
                new GridView(new GridFolder(_folder.Root)).Plan().Select(run => run.RunId).Order());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}\nnull\n")]
    public void A_plan_without_a_whole_line_goes_aside(string damage)
    {
        var runs = new GridView(_folder).Plan();
        var plan = Directory.GetFiles(_folder.Root, "1.jsonl", SearchOption.AllDirectories).Single();
        File.WriteAllText(plan, damage);
        Assert.NotNull(Assert.Single(new GridVerifier(_folder, repair: true).Verify()).Repaired);
        var again = new GridView(new GridFolder(_folder.Root)).Plan();
        Assert.Equal(runs.Select(run => run.RunId), again.Select(run => run.RunId));
        Assert.Empty(new GridVerifier(_folder, repair: false).Verify());
    }

    [Fact]
    public void A_configuration_that_is_not_the_runs_is_not_trained_in_its_place()
    {
        var run = new GridView(_folder).Plan()[0];
        var plan = Directory.GetFiles(_folder.Root, "1.jsonl", SearchOption.AllDirectories).Single();
        var lines = File.ReadAllLines(plan);
        File.WriteAllLines(plan, [lines[0].Replace("\"seed\":0", "\"seed\":7"), lines[1]]);
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var view = new GridView(_folder);
        Assert.Equal(RunStateKind.Failed, view.StateOf(run).Kind);
        Assert.Contains("the plan's configuration", view.StateOf(run).Message, StringComparison.Ordinal);
        Assert.Equal(1, view.Status().Count(RunStateKind.Done));
    }

    [Theory]
    [InlineData("../../victim")]
    [InlineData("/victim")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("plans")]
    [InlineData("a\u001b[2J")]
    public void No_name_leads_out_of_the_folder(string name)
    {
        if (name != "plans") Assert.Throws<UserException>(() => _folder.RunFolder(name));
        new GridView(_folder).Plan();
        var plan = Directory.GetFiles(_folder.Root, "1.jsonl", SearchOption.AllDirectories).Single();
        var line = File.ReadAllLines(plan)[0];
        var id = new GridView(_folder).Plan()[0].RunId;
        File.AppendAllText(plan, line.Replace(id, System.Text.Json.JsonEncodedText.Encode(name).ToString()) + "\n");
        Assert.Equal(2, new GridFolder(_folder.Root).Plan().Count);
    }

    [Fact]
    public void Links_out_of_the_folder_are_not_written_through()
    {
        var run = new GridView(_folder).Plan()[0];
        var outside = Directory.CreateTempSubdirectory("pretrainbench-outside-").FullName;
        try
        {
            Directory.CreateDirectory(_folder.RunFolder(run.RunId));
            Directory.CreateSymbolicLink(Of(run, "claims"), outside);
            Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
            Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
            Assert.Contains("is a link", new GridView(_folder).StateOf(run).Message, StringComparison.Ordinal);
            Assert.Equal(1, new GridView(_folder).Status().Count(RunStateKind.Done));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public void Pipes_and_folders_in_a_files_place_are_named_and_nothing_waits_for_them()
    {
        Assert.Equal(ExitCodes.Done, new GridWorker(_folder, 1).Work(CancellationToken.None));
        var runs = new GridView(_folder).Plan();
        var (one, other) = (runs[0], runs[1]);
        File.Delete(Of(one, "config.yaml"));
        Directory.CreateDirectory(Of(one, "config.yaml"));
        Directory.Delete(Of(one, "attempts"), recursive: true);
        File.WriteAllText(Of(one, "attempts"), "");
        foreach (var path in new[] { Of(other, "run_id"), Of(other, "claims", "1", "heartbeat.json") })
        {
            File.Delete(path);
            TestGrid.Make(path, EntryKind.PipeOrDevice);
            Assert.Contains("is a pipe or a device", Assert.Single(new GridVerifier(_folder, repair: false).Verify(),
                finding => finding.Path == path).Problem, StringComparison.Ordinal);
        }
        File.Delete(Of(other, "result.json"));
        Assert.NotEqual(RunStateKind.Done, new GridView(_folder).StateOf(other).Kind);
        var repaired = new GridVerifier(_folder, repair: true).Verify();
        Assert.Equal(4, repaired.Count(finding => finding.Repaired is not null));
    }

    [Fact]
    public void A_run_folder_that_is_a_link_concerns_its_run_alone()
    {
        var runs = new GridView(_folder).Plan();
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, runs[0].RunId), Path.GetTempPath());
        var status = new GridView(_folder).Status();
        Assert.Equal((1, 1), (status.Count(RunStateKind.Failed), status.Count(RunStateKind.Waiting)));
    }

    [Fact]
    public void A_pointer_to_no_plan_is_mended_where_one_plan_can_be_meant()
    {
        var runs = new GridView(_folder).Plan();
        var pointer = Path.Combine(_folder.Root, "plans", "current");
        File.WriteAllText(pointer, "nothing");
        Assert.Equal(pointer, Assert.Single(new GridVerifier(_folder, repair: false).Verify()).Path);
        Assert.NotNull(Assert.Single(new GridVerifier(_folder, repair: true).Verify()).Repaired);
        Assert.Equal(runs.Select(run => run.RunId), new GridFolder(_folder.Root).Plan().Select(run => run.RunId));

        _folder.Use(grids.Grid(TestGrid.TwoRuns.Replace("seed: [0, 1]", "seed: [2]", StringComparison.Ordinal)));
        File.WriteAllText(pointer, "nothing");
        var finding = Assert.Single(new GridVerifier(_folder, repair: true).Verify());
        Assert.Contains("with the grid's file", finding.Cure, StringComparison.Ordinal);
        Assert.False(File.Exists(pointer));
    }

    [Fact]
    public void A_pointer_to_no_plan_is_mended_by_launching_again()
    {
        foreach (var content in new[] { "", "../..", "nothing" })
        {
            File.WriteAllText(Path.Combine(_folder.Root, "plans", "current"), content);
            var folder = new GridFolder(_folder.Root);
            Assert.Contains("names no plan", Assert.Throws<UserException>(() => folder.Plan()).Message);
            folder.Use(grids.Grid(TestGrid.TwoRuns));
            Assert.Equal(2, new GridView(folder).Plan().Count);
        }
    }
}
