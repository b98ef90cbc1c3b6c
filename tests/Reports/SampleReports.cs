using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Tests;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Reports.Tests;

/// <summary>Reports of three kinds of table: published losses, a grid with everything recorded, and one too small for a
/// law.</summary>
internal static class SampleReports
{
    private static readonly ReportOptions Options = new() { Bootstrap = new BootstrapOptions { Replicates = 200 } };

    private static readonly Lazy<ReportInput> LazyPublished =
        new(() => ReportAnalysis.Run(Fixtures.AdamWMuon(), new ReportOptions()));
    private static readonly Lazy<ReportInput> LazyComplete = new(CreateComplete);
    private static readonly Lazy<ReportInput> LazyTiny = new(() => ReportAnalysis.Run(TinyTable(), Options));

    private static readonly Lazy<ReportInput> LazySmall = new(() => ReportAnalysis.Run(
        Fixtures.Synthetic(0.002, 3, optimizers: 5, [30e3, 51e3, 84e3], [2.5, 5, 10]), Options));

    /// <summary>Models as small as the quickstart's.</summary>
    public static ReportInput Small => LazySmall.Value;

    /// <summary>Wen et al.'s tuned losses of AdamW and Muon.</summary>
    public static ReportInput Published => LazyPublished.Value;

    /// <summary>Three optimizers, two seeds, times, curves, settings, left-out rows and hostile names.</summary>
    public static ReportInput Complete => LazyComplete.Value;

    /// <summary>Two optimizers at two sizes.</summary>
    public static ReportInput Tiny => LazyTiny.Value;

    private static RunTable TinyTable() => RunTableReader.Parse(
        """
        optimizer,n,tokens,loss
        adamw,1e6,2e7,3.00
        adamw,4e6,8e7,2.60
        muon,1e6,2e7,2.90
        muon,4e6,8e7,2.55
        """);

    private static ReportInput CreateComplete()
    {
        double[] sizes = [50e6, 100e6, 200e6, 800e6], ratios = [10, 40, 160];
        var (plain, again) = (Fixtures.Synthetic(0.0005, 5, optimizers: 3, sizes, ratios),
            Fixtures.Synthetic(0.0005, 6, optimizers: 3, sizes, ratios));
        var rows = plain.Rows.Select(row => Recorded(row, 1))
            .Concat(again.Rows.Select(row => Recorded(row, 2))).ToList();
        var table = new RunTable
        {
            Rows = rows,
            Excluded =
            [
                new ExcludedRow("grid/results.csv", 77, "muon-50m-hot", "muon", "diverged", "diverged at step 412"),
                new ExcludedRow("grid/results.csv", 78, "<b>bold</b>", "scion", "failed",
                    "the disk was full & nothing was written"),
            ],
            Sources = ["grid/results.csv"],
        };
        return ReportAnalysis.Run(table, Options) with
        {
            Curves = [.. rows.Where(row => row.Seed == 1).Select(Curve)],
            Ladders = [new("muon", "50m", 10,
                [new(0.001, 3.5), new(0.003, 3.4), new(0.01, 3.45), new(0.03, double.NaN)])],
            Settings = Settings(),
            Lineage = [new("code", "0123abc, clean"), new("tokenizer", "sha256 89ab…"),
                new("command", "pretrainbench grid launch quickstart.yaml")],
        };
    }

    private static RunRow Recorded(RunRow row, int seed) => row with
    {
        Run = $"{row.Optimizer}-{row.Size}-{row.D / row.N:F0}-s{seed}",
        Seed = seed,
        DataSeed = 1,
        BitsPerByte = row.Loss / 3.1,
        LearningRate = 0.003,
        BatchTokens = 65536,
        TuningTrials = 5,
        LearningRateOnEdge = row.Optimizer == "scion" && row.Size == "50m",
        Flops = 6 * row.N * row.D,
        Seconds = 6 * row.N * row.D / 2e14 * (row.Optimizer == "muon" ? 1.08 : 1),
        NonEmbeddingParams = row.N,
        TotalParams = row.N * 1.2,
    };

    private static LossCurve Curve(RunRow row)
    {
        var points = Enumerable.Range(1, 50).Select(i => i / 50.0)
            .Select(share => new LossCurvePoint(share * row.D, row.Loss + 0.5 * (1 - share) + 0.02 / share));
        return new LossCurve(row.Run, row.Optimizer, row.Size, row.N, row.D, [.. points]);
    }

    private static ReportSettings Settings() => new()
    {
        Optimizers =
        [
            new OptimizerSettings("adamw",
                [new("embedding", "adamw, lr 0.003"), new("hidden matrix", "adamw, lr 0.003"),
                    new("head", "adamw, lr 0.003")]),
            new OptimizerSettings("muon",
                [new("embedding", "adamw, lr 0.003"), new("hidden matrix", "muon, lr 0.02, 5 steps"),
                    new("head", "adamw, lr 0.003")]),
        ],
        HeldFixed = [new("schedule", "cosine"), new("model.family", "olmo2")],
        ByCell = [new("model.width", "256, 512")],
        Differences = [new("weight_decay", [new("adamw", "0.1"), new("muon", "0.05")])],
    };
}
