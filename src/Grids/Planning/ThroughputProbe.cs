using System.Diagnostics;
using PretrainBench.Models;
using PretrainBench.Training.Configuration;
using static TorchSharp.torch;

namespace PretrainBench.Grids.Planning;

/// <summary>Measures how fast one thread trains the sizes of a grid: real forward and backward passes.</summary>
public static class ThroughputProbe
{
    private const int Passes = 2;
    private const long MostTokensPerPass = 4096;

    // Beyond this a pass would take a minute on a slow machine; larger sizes count as fast as the largest measured.
    private const double MostFlopsPerPass = 5e11;

    /// <summary>FLOPs per second and thread for each size of a plan.</summary>
    public static IReadOnlyDictionary<string, double> Measure(IEnumerable<PlannedRun> runs)
    {
        set_num_threads(1);
        var rates = new Dictionary<string, double>();
        double? last = null;
        foreach (var run in runs.DistinctBy(run => run.Cell.Size).OrderBy(run => run.Flops / run.Tokens))
        {
            var config = run.ReadConfig();
            var batch = config.Batch;
            var sequences = (int)Math.Clamp(MostTokensPerPass / batch.SequenceLength, 1, batch.SequencesPerStep);
            var flopsPerPass = run.Flops / run.Tokens * sequences * batch.SequenceLength;
            if (last is null || flopsPerPass <= MostFlopsPerPass)
                last = flopsPerPass / SecondsPerPass(config, sequences);
            rates[run.Cell.Size] = last.Value;
        }
        return rates;
    }

    private static double SecondsPerPass(RunConfig config, int sequences)
    {
        var manifest = Data.DatasetManifest.Read(config.Data.Folder);
        using var scope = NewDisposeScope();
        var shape = config.Model.Resolve(manifest.VocabularySize);
        using var model = new Decoder(shape, config.Seed, CPU, config.Precision);
        var length = config.Batch.SequenceLength;
        var tokens_BT = (arange(sequences * length, dtype: ScalarType.Int64) % manifest.VocabularySize)
            .reshape(sequences, length);
        model.Loss(tokens_BT, tokens_BT).backward();
        var watch = Stopwatch.StartNew();
        for (var pass = 0; pass < Passes; pass++) model.Loss(tokens_BT, tokens_BT).backward();
        return watch.Elapsed.TotalSeconds / Passes;
    }
}
