using System.Diagnostics;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Cli.Reports;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Data;
using PretrainBench.Grids;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Launching;
using PretrainBench.Reports;

namespace PretrainBench.Cli.Quickstart;

/// <summary>The steps of the quickstart; each does nothing when its result is there already.</summary>
/// <param name="context">The command.</param>
/// <param name="dataFolder">Where the dataset goes.</param>
/// <param name="gridFolder">The grid's folder.</param>
internal sealed class QuickstartRun(CommandContext context, string dataFolder, string gridFolder)
{
    // A small vocabulary: with the default one most of the work of models this small would be their output layer.
    private const int VocabularySize = 1024;
    private const string GridResource = "quickstart.yaml";

    /// <summary>Runs all steps.</summary>
    /// <param name="launch">How many workers.</param>
    /// <param name="overrides">Settings that win over the grid file.</param>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public int Execute(LaunchConfig launch, IReadOnlyList<string> overrides)
    {
        var watch = Stopwatch.StartNew();
        var manifest = Prepare();
        context.Error.WriteLine($"data: {Quantity.Count(manifest.Train.Tokens)} training tokens of {manifest.SourceName} in {dataFolder}");

        var grid = ReadGrid(overrides);
        var folder = new GridFolder(gridFolder);
        folder.Use(grid);
        context.Error.WriteLine($"grid: {string.Join(", ", grid.Config.Axes.Optimizer)} × {string.Join(", ", grid.Config.Axes.Size)} × "
            + $"{string.Join(", ", grid.Config.Axes.TokensPerParameter)} tokens per parameter, in {gridFolder}, "
            + $"{launch.Workers} workers × {launch.Threads} threads");
        var (code, _) = GridRun.Train(context, folder, launch);
        if (code != ExitCodes.Done) return code;

        var collected = GridTables.Write(folder);
        var table = RunTableReader.Read(collected.Table);
        var fits = FitText.BothLaws.Select(name => Fitter.Fit(table, LawRegistry.Get(name))).ToList();
        var input = GridReport.Enrich(ReportAnalysis.Run(table), folder);
        var page = GridReport.Write(input, Path.Combine(gridFolder, "report.html"));
        context.Print(
            () => AnalysisJson.Write(new { table = collected.Table, files = collected.Files, report = page.Html, verdict = Verdict.Of(input), fits }),
            QuickstartFindings.Of(table, fits) + $"\n{Verdict.Of(input).Headline}\n\nreport   {page.Html}\ntable    {collected.Table}\n"
            + $"that took {Quantity.Time(watch.Elapsed)} this time; `pretrainbench grid status {gridFolder}` shows the runs");
        return ExitCodes.Done;
    }

    private DatasetManifest Prepare()
        => PrepareDisplay.Run(progress => DataPreparation.Prepare(
            new PrepareConfig { OutputFolder = dataFolder, VocabularySize = VocabularySize }, progress, context.Interruption.Token));

    private GridFile ReadGrid(IReadOnlyList<string> overrides)
    {
        using var stream = typeof(QuickstartRun).Assembly.GetManifestResourceStream(GridResource)!;
        using var reader = new StreamReader(stream);
        var mapping = ConfigFile.Parse(reader.ReadToEnd(), GridResource);
        ConfigFile.Override(mapping, $"base.data.folder='{dataFolder.Replace("'", "''")}'");
        foreach (var assignment in overrides) ConfigFile.Override(mapping, assignment);
        return GridFile.From(mapping, Directory.GetCurrentDirectory(), GridResource);
    }
}
