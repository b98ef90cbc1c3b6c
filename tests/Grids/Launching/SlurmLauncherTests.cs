using System.Diagnostics;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Verifying;

namespace PretrainBench.Grids.Tests.Launching;

/// <summary>What Slurm would be given; on a real one: tests/Faults.</summary>
public class SlurmLauncherTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private static readonly LaunchWatch NoWatch = new(_ => { }, _ => { }, CancellationToken.None);

    [Fact]
    public void A_dry_run_writes_a_script_that_starts_frozen_workers_and_submits_nothing()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        var launcher = new SlurmLauncher(new(5, 3, IsDry: true, ["--partition", "gpu", "--time=4:00:00"]));

        var report = launcher.Submit(folder, NoWatch);

        Assert.Equal((ExitCodes.Done, 0, null), (report.ExitCode, report.Submitted, report.Job));
        Assert.Contains("sbatch '", report.Text);
        var script = File.ReadAllText(report.Script!);
        var options = script.Split('\n').Where(line => line.StartsWith("#SBATCH ", StringComparison.Ordinal)).ToList();
        Assert.Contains("#SBATCH --job-name=g", options);
        // No more workers than runs.
        Assert.Contains("#SBATCH --array=0-1", options);
        Assert.Contains("#SBATCH --cpus-per-task=3", options);
        Assert.Equal(["#SBATCH --partition gpu", "#SBATCH --time=4:00:00"], options[^2..]);
        using var bash = Process.Start("bash", ["-n", report.Script!]);
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);

        var programs = new SubmissionFolder(folder).Programs;
        var program = Assert.Single(Directory.GetDirectories(programs));
        Assert.Contains(program, script);
        Assert.Equal(Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories).Length,
            Directory.GetFiles(program, "*", SearchOption.AllDirectories).Length);
        var again = launcher.Submit(folder, NoWatch);
        Assert.EndsWith("submissions/2/submit.sbatch", again.Script);
        Assert.Single(Directory.GetDirectories(programs));
        Assert.Empty(new GridVerifier(folder, repair: false).Verify());
    }

    [Fact]
    public void A_grid_whose_runs_have_settled_submits_nothing()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        foreach (var run in new GridView(folder).Plan())
        {
            var claims = new ClaimFiles(folder.RunFolder(run.RunId));
            claims.TryClaim(0, ProcessIdentity.Current);
            claims.End(1, new ClaimEnd(ClaimEndKind.Failed, "impossible", Final: true));
        }
        var report = new SlurmLauncher(new(IsDry: true)).Submit(folder, NoWatch);
        Assert.Equal((ExitCodes.Failed, null), (report.ExitCode, report.Script));
        Assert.Contains("nothing is submitted", report.Text);
    }

    [Fact]
    public void Workers_that_are_there_are_not_submitted_again()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        Assert.Equal((1, null), OpenWork.Of(folder, 8, () => ["7_0"]));
        var (workers, report) = OpenWork.Of(folder, null, () => ["7_0", "7_1"]);
        Assert.Equal((0, 2), (workers, report!.Present));
    }

    [Fact]
    public void A_frozen_program_that_lost_a_file_is_made_again()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        var launcher = new SlurmLauncher(new(1, IsDry: true));
        launcher.Submit(folder, NoWatch);
        var program = Assert.Single(Directory.GetDirectories(new SubmissionFolder(folder).Programs));
        var lost = Path.Combine(program, "PretrainBench.Grids.dll");
        File.Delete(lost);
        launcher.Submit(folder, NoWatch);
        Assert.True(File.Exists(lost));
    }

    [Fact]
    public void A_dry_run_is_no_submission_that_could_be_asked_about()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        var file = new SubmissionFolder(folder).Add(KubernetesManifest.FileName, _ => "kind: Job\n");
        // No kubectl need be there.
        Assert.Empty(new KubernetesLauncher(new()).Cancel(folder));
        SubmissionFolder.Submitted(file, "job");
        Assert.Contains("kubectl",
            Assert.Throws<UserException>(() => new KubernetesLauncher(new()).Cancel(folder)).Message);
    }

    [Fact]
    public void Two_launches_do_not_count_and_submit_at_once()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        using (new SubmissionFolder(folder).Lock())
            Assert.Contains("another launch", Assert.Throws<UserException>(
                () => new SlurmLauncher(new(1)).Submit(folder, NoWatch)).Message);
    }

    [Theory]
    [InlineData("with \"quotes\"")]
    [InlineData("back\\slash")]
    public void A_path_that_Slurm_cannot_take_is_refused(string name)
    {
        var folder = new GridFolder(Path.Combine(grids.Folder(TestGrid.TwoRuns).Root + name));
        folder.Use(grids.Grid(TestGrid.TwoRuns));
        Assert.Contains("--folder", Assert.Throws<UserException>(
            () => new SlurmLauncher(new(1, IsDry: true)).Submit(folder, NoWatch)).Message);
    }

    [Theory]
    [InlineData("gpu", "no option of sbatch")]
    [InlineData("--comment=a\n#SBATCH --wrap=b", "line breaks")]
    public void What_is_no_option_is_not_passed_on(string passed, string problem)
        => Assert.Contains(problem, Assert.Throws<UserException>(() => SlurmScript.Options([passed])).Message);

    [Fact]
    public void What_is_misplaced_among_submissions_is_found()
    {
        var folder = grids.Folder(TestGrid.TwoRuns);
        TestGrid.Make(Path.Combine(folder.Root, "submissions", "1", "submit.sbatch"), EntryKind.Link);
        var finding = Assert.Single(new GridVerifier(folder, repair: true).Verify());
        Assert.Contains("link", finding.Problem);
        Assert.Empty(new SubmissionFolder(folder).Files(SlurmScript.FileName));
    }
}
