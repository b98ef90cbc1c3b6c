using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Data;
using PretrainBench.Grids.Configuration;
using PretrainBench.Models;
using PretrainBench.Optimizers;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Planning;

/// <summary>Turns a grid into runs; a pure function of the grid, the data and the final losses known so far, which are
/// infinite where a run diverged and null while not known.</summary>
public sealed class GridPlanner(GridFile grid)
{
    private readonly Dictionary<GridCell, PlannedRun> _runs = [];
    private readonly Dictionary<GridCell, (RunConfig Config, ResolvedRun Run)> _configurations = [];
    private DatasetManifest? _data;
    private TrunkPlanner? _trunks;

    public GridFile Grid => grid;

    /// <summary>Whether learning rates are chosen among trials.</summary>
    public bool Tunes => grid.Config.Tuning is not null || grid.Config.Axes.LearningRate.Count > 0;

    /// <summary>Tokens of the vocabulary that the grid's models predict.</summary>
    public int Vocabulary => VocabularyOf(Cells()[0].ReadConfig());

    /// <summary>Tokens of the vocabulary that a run's model predicts.</summary>
    internal static int VocabularyOf(RunConfig config)
        => config.Model.VocabularySize ?? DatasetManifest.Read(config.Data.Folder).VocabularySize;

    /// <summary>How many cells the grid has, each at one learning rate.</summary>
    public int CellCount => TunerWith(_ => null).Cells().Count();

    /// <summary>Every run that can be determined now, trials first.</summary>
    public IReadOnlyList<PlannedRun> Determined(Func<PlannedRun, double?> loss)
    {
        var tuner = TunerWith(loss);
        if (!Tunes) return Distinct(tuner.Cells().Select(cell => RunOf(cell)));
        var groups = tuner.Groups();
        var trials = groups.SelectMany(group => group.Trials).Select(cell => RunOf(cell) with { IsTrial = true });
        return Distinct(trials.Concat(Chosen(tuner, groups).Select(chosen => chosen.Run)));
    }

    /// <summary>The run of each cell whose learning rate is decided, and how it was chosen.</summary>
    public IReadOnlyList<(PlannedRun Run, TuningGroup? Tuning)> Chosen(Func<PlannedRun, double?> loss)
    {
        var tuner = TunerWith(loss);
        return Tunes
            ? Chosen(tuner, tuner.Groups())
            : [.. tuner.Cells().Select(cell => (RunOf(cell), (TuningGroup?)null))];
    }

    /// <summary>The trials of each ladder so far.</summary>
    public IReadOnlyList<TuningGroup> Groups(Func<PlannedRun, double?> loss) => Tunes ? TunerWith(loss).Groups() : [];

    /// <summary>One run for every cell whose learning rate is still open, at the rate that the ladder starts from: the
    /// same tokens and FLOPs as the run that will be planned.</summary>
    public IReadOnlyList<PlannedRun> Outlook(Func<PlannedRun, double?> loss)
    {
        if (grid.Config.Tuning is not { } rule) return [];
        var tuner = TunerWith(loss);
        var decided = tuner.Groups().Where(group => group.IsDecided).Select(group => group.Anchor).ToHashSet();
        return [.. tuner.Cells().Where(cell => !decided.Contains(tuner.AnchorOf(cell)) && cell != tuner.AnchorOf(cell))
            .Select(cell => RunOf(cell with { LearningRate = rule.Start[cell.Optimizer] }))];
    }

    /// <summary>Every cell as a run at the first learning rate that the grid would try: for its cost.</summary>
    public IReadOnlyList<PlannedRun> Cells()
    {
        var rates = grid.Config.Axes.LearningRate;
        return [.. TunerWith(_ => null).Cells().Select(cell => RunOf(cell with
        {
            LearningRate = grid.Config.Tuning?.Start[cell.Optimizer] ?? (rates.Count > 0 ? rates[0] : null),
        }))];
    }

    /// <summary>The run of a cell, which has its learning rate if the grid decides it.</summary>
    public PlannedRun RunOf(GridCell cell)
    {
        if (_runs.TryGetValue(cell, out var known)) return known;
        var (config, run) = ConfigurationOf(cell);
        var flops = run.Tokens * ModelFlops.TrainingPerToken(run.Shape, config.Batch.SequenceLength);
        var tree = (ConfigMapping)ConfigWriter.ToTree(config);
        if (grid.Config.Trunks) _trunks ??= new(TunerWith(_ => null), other => ConfigurationOf(other).Run);
        return _runs[cell]
            = new PlannedRun(run.Id, cell, IsTrial: false, tree, run.Tokens, flops, _trunks?.PlaceOf(cell));
    }

    private (RunConfig Config, ResolvedRun Run) ConfigurationOf(GridCell cell)
    {
        if (_configurations.TryGetValue(cell, out var known)) return known;
        var config = CellConfiguration.Of(grid, cell);
        if (grid.Config.Trunks) config = WithCommonWarmup(config);
        return _configurations[cell] = (config, Resolve(config));
    }

    // A warm-up that is a part of the run's length would set runs of different lengths apart from the first step.
    private RunConfig WithCommonWarmup(RunConfig config)
    {
        if (config.Schedule.Kind != ScheduleKind.Wsd)
            throw new UserException($"the grid {grid.Config.Name}: trunks: the learning rate must stay at its peak "
                + "until the runs part; set `schedule: {kind: wsd}` in the base, or train without trunks");
        var shortest = Resolve(config with
        {
            Budget = new() { TokensPerParameter = grid.Config.Axes.TokensPerParameter.Min() },
        });
        var schedule = shortest.Config.Schedule;
        return config with { Schedule = schedule with { WarmupSteps = schedule.Warmup(shortest.Steps) } };
    }

    private ResolvedRun Resolve(RunConfig config)
    {
        _data ??= DatasetManifest.Read(config.Data.Folder);
        var fingerprint = new DataFingerprint(_data.SourceName, _data.Fingerprint, _data.TokenizerHash);
        return ResolvedRun.From(config, fingerprint, _data.VocabularySize);
    }

    private LearningRateTuner TunerWith(Func<PlannedRun, double?> loss) => new(grid.Config, cell => loss(RunOf(cell)));

    private List<(PlannedRun Run, TuningGroup? Tuning)> Chosen(
        LearningRateTuner tuner, IReadOnlyList<TuningGroup> groups)
    {
        var decided = groups.Where(group => group is { IsDecided: true, Best: not null })
            .ToDictionary(group => group.Anchor);
        return [.. from cell in tuner.Cells()
                   let tuning = decided.GetValueOrDefault(tuner.AnchorOf(cell))
                   where tuning is not null
                   select (RunOf(cell with { LearningRate = tuning.Best }), tuning)];
    }

    private static IReadOnlyList<PlannedRun> Distinct(IEnumerable<PlannedRun> runs)
        => [.. runs.DistinctBy(run => run.RunId)];
}
