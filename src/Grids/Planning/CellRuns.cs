using PretrainBench.Core.Configuration;
using PretrainBench.Models;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>The runs of a cell, which differ in their seed alone: a grid of thousands of runs binds few
/// configurations.</summary>
internal sealed class CellRuns
{
    private static readonly string SeedKey = SnakeCase.From(nameof(RunConfig.Seed));

    private readonly ConfigMapping _config;
    private readonly Func<ulong, string> _idOfSeed;
    private readonly Dictionary<ulong, string> _ids = [];

    /// <summary>Finds what the runs have in common.</summary>
    /// <param name="config">The configuration of one of them.</param>
    /// <param name="run">The same with nothing left open.</param>
    public CellRuns(RunConfig config, ResolvedRun run)
    {
        Run = run;
        Flops = run.Tokens * ModelFlops.TrainingPerToken(run.Shape, config.Batch.SequenceLength);
        _config = (ConfigMapping)ConfigWriter.ToTree(config);
        _idOfSeed = run.IdOfSeed;
    }

    /// <summary>One of them; only its seed is not the others'.</summary>
    public ResolvedRun Run { get; }

    /// <summary>Forward and backward FLOPs of each.</summary>
    public double Flops { get; }

    /// <summary>The identity of the run with a seed.</summary>
    public string IdOf(ulong seed)
        => _ids.TryGetValue(seed, out var known) ? known : _ids[seed] = _idOfSeed(seed);

    /// <summary>The configuration of the run with a seed.</summary>
    public ConfigMapping ConfigOf(ulong seed) => _config.With(SeedKey, ConfigWriter.ToTree(seed));
}
