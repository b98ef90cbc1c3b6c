using PretrainBench.Training.Benchmark;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>Measures how fast one thread, or one device, trains the sizes of a grid: real forward and backward
/// passes.</summary>
public static class ThroughputProbe
{
    private const int Passes = 2;
    private const long MostTokensPerPass = 4096;

    // Beyond this a pass would take a minute on a slow machine; larger sizes count as fast as the largest measured.
    private const double MostFlopsPerPass = 5e11;
    private const int ShortestSequence = 64;

    /// <summary>FLOPs per second and thread, or device, for each size of a plan.</summary>
    /// <param name="device">Where; null: the CPU.</param>
    public static IReadOnlyDictionary<string, double> Measure(IEnumerable<PlannedRun> runs, string? device = null)
    {
        var rates = new Dictionary<string, double>();
        double? last = null;
        foreach (var run in runs.DistinctBy(run => run.Cell.Size).OrderBy(run => run.Flops / run.Tokens))
        {
            var config = run.ReadConfig();
            var batch = config.Batch;
            var sequences = (int)Math.Clamp(MostTokensPerPass / batch.SequenceLength, 1, batch.SequencesPerStep);
            var flopsPerToken = run.Flops / run.Tokens;
            var fits = flopsPerToken * sequences * batch.SequenceLength <= MostFlopsPerPass;
            // The smallest size is measured at least: of a grid for GPUs, planned elsewhere, on a shorter sequence.
            if (!fits && last is null)
                (sequences, batch) = (1, batch with
                {
                    SequenceLength = (int)Math.Min(batch.SequenceLength,
                        Math.Max(ShortestSequence, MostFlopsPerPass / flopsPerToken)),
                });
            if (fits || last is null)
                last = flopsPerToken * sequences * batch.SequenceLength
                    / SecondsPerPass(config with { Batch = batch }, sequences, device);
            rates[run.Cell.Size] = last.Value;
        }
        return rates;
    }

    private static double SecondsPerPass(RunConfig config, int sequences, string? device)
        => TrainingBenchmark.SecondsPerPass(new()
        {
            Model = config.Model with
            {
                VocabularySize = GridPlanner.VocabularyOf(config),
            },
            Batch = config.Batch with { SequencesPerStep = sequences },
            Precision = config.Precision,
            Execution = new ExecutionConfig { Threads = 1, Device = device ?? "cpu" },
            Steps = Passes,
        });
}
