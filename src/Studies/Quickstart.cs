using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core.Configuration;
using PretrainBench.Data;
using PretrainBench.Grids;
using PretrainBench.Grids.Configuration;
using PretrainBench.Reports;

namespace PretrainBench.Studies;

/// <summary>The quickstart: a dataset, a small grid on it, both laws and a report. Whoever calls launches the grid
/// between <see cref="Plan"/> and <see cref="Conclude"/>. Each step does nothing when its result is there
/// already.</summary>
public sealed class Quickstart(string dataFolder, string gridFolder)
{
    // A small vocabulary: with the default one most of the work of models this small would be their output layer.
    private const int VocabularySize = 1024;
    private const string GridResource = "quickstart.yaml";

    /// <summary>Makes the dataset from the default corpus.</summary>
    public DatasetManifest PrepareData(IProgress<PrepareProgress> progress, CancellationToken stop)
        => DataPreparation.Prepare(
            new() { VocabularySize = VocabularySize }, dataFolder, progress: progress, cancellation: stop);

    /// <summary>Plans the grid in its folder.</summary>
    /// <param name="overrides">Settings, <c>key.path=value</c>, that win over the grid file.</param>
    public (GridFile Grid, GridFolder Folder) Plan(IReadOnlyList<string> overrides)
    {
        var grid = ReadGrid(overrides);
        var folder = new GridFolder(gridFolder);
        folder.Use(grid);
        return (grid, folder);
    }

    /// <summary>Collects the trained grid, fits the laws of <see cref="LawRegistry.Default"/>, and writes the
    /// report.</summary>
    public QuickstartResult Conclude()
    {
        var folder = new GridFolder(gridFolder);
        var collected = GridTables.Write(folder);
        var table = RunTableReader.Read(collected.Table);
        var fits = LawRegistry.Default.Select(law => Fitter.Fit(table, law)).ToList();
        var report = GridReport.Enrich(ReportAnalysis.Run(table), folder);
        var page = GridReport.Write(report, Path.Combine(gridFolder, "report.html"));
        return new(collected, table, fits, page.Html, Verdict.Of(report));
    }

    private GridFile ReadGrid(IReadOnlyList<string> overrides)
    {
        using var stream = typeof(Quickstart).Assembly.GetManifestResourceStream(GridResource)!;
        using var reader = new StreamReader(stream);
        var mapping = ConfigFile.Parse(reader.ReadToEnd(), GridResource);
        ConfigFile.Override(mapping, $"base.data.folder='{dataFolder.Replace("'", "''")}'");
        foreach (var assignment in overrides) ConfigFile.Override(mapping, assignment);
        return GridFile.From(mapping, Directory.GetCurrentDirectory(), GridResource);
    }
}

/// <summary>What the quickstart found.</summary>
/// <param name="Fits">The laws, the shared one last.</param>
public sealed record QuickstartResult(
    GridTables Collected, RunTable Table, IReadOnlyList<LawFit> Fits, string Page, Verdict Verdict);
