using PretrainBench.Analysis.Tables;
using PretrainBench.Core;
using PretrainBench.Data;
using PretrainBench.Grids;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Training;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Cli.Tests.Malformed;

/// <summary>Files that were damaged, or written by somebody who read no documentation: each is read or answered with a
/// message, within the memory that files this small may cost. `PRETRAINBENCH_STUDIES=1` draws a thousand, of which each
/// has 5 seconds (scripts/studies/malformed.sh).</summary>
[Collection(InThisProcess.Name)]
public sealed class MalformedInputTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const long MostBytes = 500_000_000;
    private static readonly bool IsStudy = Environment.GetEnvironmentVariable("PRETRAINBENCH_STUDIES") == "1";
    private static readonly int Cases = IsStudy ? 170 : 20;

    private string Place(string name) => Path.Combine(workspace.Folder, name);

    [Fact]
    public void Damaged_configurations_are_read_or_refused()
        => Each("run", draw => ReadRun(Damaged(draw, "run.yaml")));

    [Fact]
    public void Damaged_grid_files_are_read_or_refused()
        => Each("grid", draw => Plan(Damaged(draw, "grid.yaml")));

    [Fact]
    public void Damaged_tables_are_read_or_refused()
    {
        File.WriteAllText(Place("table.csv"), Table(-1, ""));
        Each("table", draw =>
        {
            var path = Damaged(draw, "table.csv");
            var outcome = Pretrainbench.RunHere("fit", path);
            Assert.InRange(outcome.ExitCode, 0, 2);
            Assert.DoesNotContain("   at ", outcome.Error);
            Assert.DoesNotContain("defect", outcome.Error);
        });
    }

    [Fact]
    public void A_cell_that_is_no_number_never_enters_a_fit()
        => Each("cell", draw =>
        {
            var line = draw.Next(16);
            var cell = draw.One("NaN", "inf", "-inf", "1e400", "0", "-3", "", "low", "3.0.1", "0x3", "1e-5", "51", "３",
                "3 nats");
            Assert.Equal(line + 2, Assert.Single(RunTableReader.Parse(Table(line, cell)).Excluded).Line);
        });

    [Fact]
    public void Damaged_claims_plans_and_results_are_read_or_refused()
    {
        var grid = new GridFolder(Place("damaged"));
        grid.Use(GridFile.Read(Place("grid.yaml"), [$"base.{DataFolder(Place("grid.yaml"))}"]));
        var run = new GridView(grid).Plan()[0].RunId;
        var claims = Path.Combine("damaged", run, "claims", "1");
        Directory.CreateDirectory(Place(claims));
        Dictionary<string, string> files = new()
        {
            [Path.Combine(claims, "claim.json")] = """{"host":"here","process_id":1,"started_at":"1"}""",
            [Path.Combine(claims, "heartbeat.json")] = """{"counter":3,"tokens":100,"tokens_total":200}""",
            [Path.Combine(claims, "ended.json")] = """{"kind":"failed","message":"no memory","final":false}""",
            [Path.Combine("damaged", run, "result.json")] = """{"format":2,"run_id":"x","status":"done"}""",
        };
        foreach (var path in Directory.EnumerateFiles(Place("damaged/plans"), "*", SearchOption.AllDirectories))
            files[Path.GetRelativePath(workspace.Folder, path)] = File.ReadAllText(path);
        Each("folder", draw =>
        {
            foreach (var (path, text) in files) File.WriteAllText(Place(path), text);
            File.Delete(Place(Path.Combine("damaged", run, "result.json")));
            var (damaged, whole) = draw.One([.. files]);
            File.WriteAllText(Place(damaged), draw.Damage(whole));
            var outcome = Pretrainbench.RunHere("grid", draw.One("status", "collect"), Place("damaged"));
            Assert.InRange(outcome.ExitCode, 0, 2);
            Assert.DoesNotContain("   at ", outcome.Error);
            Assert.True(!outcome.Error.Contains("defect", StringComparison.Ordinal), $"{damaged}: {outcome.Error}");
        });
    }

    [Fact]
    public void Damaged_manifests_are_read_or_refused()
    {
        var manifest = Path.Combine(Place("data"), DatasetManifest.FileName);
        var whole = File.ReadAllText(manifest);
        try
        {
            Each("manifest", draw =>
            {
                File.WriteAllText(manifest, draw.Damage(whole));
                using var data = TokenDataset.Open(Place("data"), verify: true);
            });
        }
        finally
        {
            File.WriteAllText(manifest, whole);
        }
    }

    [Theory]
    [InlineData("bogus=1")]
    [InlineData("model.width=0")]
    [InlineData("model.heads=0")]
    [InlineData("model.layers=1e9")]
    [InlineData("model.vocabulary_size=3")]
    [InlineData("model=3")]
    [InlineData("optimizer=[adamw]")]
    [InlineData("optimizer=3")]
    [InlineData("optimizer.learning_rate=0")]
    [InlineData("optimizer.learning_rate=-1")]
    [InlineData("optimizer.learning_rate=1e400")]
    [InlineData("optimizer.learning_rate=NaN")]
    [InlineData("optimizer.learning_rate=1e7")]
    [InlineData("optimizer.learning_rate=!!float 3")]
    [InlineData("batch.sequence_length=0")]
    [InlineData("batch.sequence_length=1M")]
    [InlineData("batch.sequences_per_step=0")]
    [InlineData("budget.tokens=0")]
    [InlineData("budget.tokens=1e18")]
    [InlineData("budget.tokens=5 MB")]
    [InlineData("budget.tokens_per_parameter=20")]
    [InlineData("precision=fp8")]
    [InlineData("gradient_clip=-1")]
    [InlineData("seed=-1")]
    [InlineData("checkpoint.keep=1")]
    [InlineData("execution.threads=-1")]
    [InlineData("schedule.warmup_fraction=2")]
    [InlineData("data.folder=/dev/zero")]
    public void What_no_run_can_have_is_refused(string setting)
        => Assert.Throws<UserException>(() => ReadRun(Place("run.yaml"), setting));

    [Theory]
    [InlineData("bogus=1")]
    [InlineData("base=5")]
    [InlineData("base=[1]")]
    [InlineData("base.optimizer=[adamw]")]
    [InlineData("base.optimizer=adamw")]
    [InlineData("base.model=3")]
    [InlineData("base.batch.sequence_length=0", "axes.batch_tokens=[64]")]
    [InlineData("axes.batch_tokens=[0]")]
    [InlineData("axes.batch_tokens=[33]")]
    [InlineData("axes.optimizer=[adamw,adamw]")]
    [InlineData("axes.optimizer=[adamv]")]
    [InlineData("axes.tokens_per_parameter=[0]")]
    [InlineData("axes.tokens_per_parameter=[1e300]")]
    [InlineData("axes.learning_rate=[0]", "tuning=null")]
    [InlineData("axes.learning_rate=[1e9]", "tuning=null")]
    [InlineData("optimizers.adamw=[1]")]
    [InlineData("sizes.a=3")]
    [InlineData("tuning.at_tokens_per_parameter=7")]
    [InlineData("tuning.at_size=z")]
    [InlineData("tuning.trials=0")]
    [InlineData("tuning.trials=1e6")]
    [InlineData("tuning.factor=1")]
    [InlineData("tuning.factor=1e200")]
    [InlineData("tuning.start.adamw=1e305")]
    [InlineData("name=../up")]
    public void What_no_grid_can_have_is_refused(params string[] settings)
        => Assert.Throws<UserException>(() => Plan(Place("grid.yaml"), settings));

    private static void ReadRun(string path, params string[] settings)
    {
        var config = RunConfig.Read(path, settings.Prepend(DataFolder(path)));
        _ = RunNeeds.Of(config).Warnings().ToList();
    }

    private static void Plan(string path, params string[] settings)
    {
        var grid = GridFile.Read(path, [$"base.{DataFolder(path)}", .. settings]);
        var planner = new GridPlanner(grid);
        Assert.NotEmpty(planner.Determined(_ => null).Concat(planner.Outlook(_ => null)));
    }

    // Folders in configurations are named from where the program was started.
    private static string DataFolder(string path) => $"data.folder='{Path.GetDirectoryName(path)}/data'";

    private string Damaged(Mutations draw, string name)
    {
        var path = Place("damaged-" + name);
        File.WriteAllText(path, draw.Damage(File.ReadAllText(Place(name))));
        return path;
    }

    private static void Each(string kind, Action<Mutations> read)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var before = GC.GetTotalAllocatedBytes();
            var clock = System.Diagnostics.Stopwatch.StartNew();
            try
            {
                read(new Mutations(seed));
            }
            catch (UserException)
            {
                // A message.
            }
            catch (Exception e)
            {
                Assert.Fail($"{kind} {seed}: {e}");
            }
            Assert.True(GC.GetTotalAllocatedBytes() - before < MostBytes, $"{kind} {seed} takes too much memory");
            if (IsStudy) Assert.True(clock.Elapsed.TotalSeconds < 5, $"{kind} {seed} takes {clock.Elapsed}");
        }
    }

    /// <summary>A table in which the loss of one line is written otherwise.</summary>
    private static string Table(int line, string loss)
    {
        var text = "optimizer,n,tokens,loss\n";
        for (var i = 0; i < 16; i++)
        {
            var (n, ratio) = (1e6 * (1 << (i % 4)), 10 << (i / 4 % 2));
            var value = 1.8 + 480 * Math.Pow(n, -0.35) + 2100 * Math.Pow((i < 8 ? 1 : 1.4) * n * ratio, -0.37);
            text += $"{(i < 8 ? "adamw" : "muon")},{n},{n * ratio},{(i == line ? loss : $"{value:R}")}\n";
        }
        return text;
    }
}
