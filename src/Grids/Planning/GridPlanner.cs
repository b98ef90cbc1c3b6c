using PretrainBench.Core;
using PretrainBench.Data;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Scaling;
using PretrainBench.Optimizers;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>Turns a grid into runs; a pure function of the grid, the data and the final losses known so far, which are
/// infinite where a run diverged and null while not known.</summary>
public sealed class GridPlanner(GridFile grid)
{
    private readonly Dictionary<GridCell, PlannedRun> _runs = [];
    private readonly Dictionary<GridCell, CellRuns> _cells = [];
    private readonly LearningRateTuner _tuner = new(grid.Config);
    private (IReadOnlyList<(double Rate, double? Loss)> Trials, IReadOnlyList<PlannedRun> Runs)? _determined;
    private FrozenData? _data;
    private TrunkPlanner? _trunks;

    public GridFile Grid => grid;

    /// <summary>The data set's content; that of the data set where nothing else is given.</summary>
    /// <exception cref="UserException">There is no data set.</exception>
    internal FrozenData Data
    {
        get
        {
            RunsOf(AtFirstRate(_tuner.Cells[0]));
            return _data!;
        }
        init => _data = value;
    }

    /// <summary>Whether learning rates are chosen among trials.</summary>
    public bool Tunes => grid.Config.Tuning is not null || grid.Config.Axes.LearningRate.Count > 0;

    /// <summary>Tokens of the vocabulary that the grid's models predict.</summary>
    public int Vocabulary => VocabularyOf(Cells()[0].ReadConfig());

    /// <summary>Tokens of the vocabulary that a run's model predicts.</summary>
    internal static int VocabularyOf(RunConfig config)
        => config.Model.VocabularySize ?? DatasetManifest.Read(config.Data.Folder).VocabularySize;

    /// <summary>How many cells the grid has, each at one learning rate.</summary>
    public int CellCount => _tuner.Cells.Count;

    /// <summary>Every run that can be determined now, trials first.</summary>
    public IReadOnlyList<PlannedRun> Determined(Func<PlannedRun, double?> loss)
    {
        var groups = Groups(loss);
        IReadOnlyList<(double, double?)> trials = [.. groups.SelectMany(group => group.Rates.Zip(group.Losses))];
        // Whoever looks again and again asks again and again.
        if (_determined is { } known && known.Trials.SequenceEqual(trials)) return known.Runs;
        var runs = Tunes
            ? groups.SelectMany(group => group.Trials).Select(cell => RunOf(cell) with { IsTrial = true })
                .Concat(Chosen(groups).Select(chosen => chosen.Run))
            : _tuner.Cells.Select(RunOf);
        _determined = (trials, [.. runs.DistinctBy(run => run.RunId)]);
        return _determined.Value.Runs;
    }

    /// <summary>The run of each cell whose learning rate is decided, and how it was chosen.</summary>
    public IReadOnlyList<(PlannedRun Run, TuningGroup? Tuning)> Chosen(Func<PlannedRun, double?> loss)
        => Tunes ? Chosen(Groups(loss)) : [.. _tuner.Cells.Select(cell => (RunOf(cell), (TuningGroup?)null))];

    /// <summary>The trials of each ladder so far.</summary>
    public IReadOnlyList<TuningGroup> Groups(Func<PlannedRun, double?> loss)
        => Tunes ? _tuner.Groups(cell => loss(RunOf(cell))) : [];

    /// <summary>One run for every cell whose learning rate is still open, at the rate that the ladder starts from: the
    /// same tokens and FLOPs as the run that will be planned.</summary>
    public IReadOnlyList<PlannedRun> Outlook(Func<PlannedRun, double?> loss)
    {
        if (grid.Config.Tuning is not { } rule) return [];
        var decided = Groups(loss).Where(group => group.IsDecided).Select(group => group.Anchor).ToHashSet();
        return [.. _tuner.Cells
            .Where(cell => _tuner.AnchorOf(cell) is var anchor && !decided.Contains(anchor) && cell != anchor)
            .Select(cell => RunOf(cell with { LearningRate = rule.Start[cell.Optimizer] }))];
    }

    /// <summary>Whether a plan has every run that can be determined now; cheap to ask again and again.</summary>
    internal bool IsWhole(IReadOnlyList<PlannedRun> plan, Func<PlannedRun, double?> loss)
    {
        if (grid.Config.Tuning is null) return plan.Count > 0;
        var groups = Groups(loss);
        var trials = groups.SelectMany(group => group.Trials).Select(cell => RunOf(cell).RunId);
        if (!trials.All(plan.Select(run => run.RunId).ToHashSet().Contains)) return false;
        var decided = groups.Where(group => group is { IsDecided: true, Best: not null })
            .Select(group => group.Anchor).ToHashSet();
        var planned = plan.Select(run => run.Cell with { LearningRate = null }).ToHashSet();
        return _tuner.Cells.All(cell => planned.Contains(cell) || !decided.Contains(_tuner.AnchorOf(cell)));
    }

    /// <summary>Every cell as a run at the first learning rate that the grid would try: for its cost.</summary>
    public IReadOnlyList<PlannedRun> Cells() => [.. _tuner.Cells.Select(cell => RunOf(AtFirstRate(cell)))];

    /// <summary>A cell's size without embeddings, tokens and width.</summary>
    public ScalingPlace PlaceOf(GridCell cell)
        => CellScaling.PlaceOf(RunsOf(AtFirstRate(cell)).Run.Shape, cell.TokensPerParameter);

    /// <summary>The run of a cell, which has its learning rate if the grid decides it.</summary>
    public PlannedRun RunOf(GridCell cell)
    {
        if (_runs.TryGetValue(cell, out var known)) return known;
        var runs = RunsOf(cell);
        if (grid.Config.Trunks) _trunks ??= new(_tuner, RunsOf);
        return _runs[cell] = new PlannedRun(runs.IdOf(cell.Seed), cell, IsTrial: false, runs.ConfigOf(cell.Seed),
            runs.Run.Tokens, runs.Flops, _trunks?.PlaceOf(cell));
    }

    private CellRuns RunsOf(GridCell cell)
    {
        var first = cell with { Seed = grid.Config.Axes.Seed[0] };
        if (_cells.TryGetValue(first, out var known)) return known;
        var config = CellConfiguration.Of(grid, first);
        if (grid.Config.Trunks) config = WithCommonWarmup(config);
        return _cells[first] = new CellRuns(config, Resolve(config));
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

    private GridCell AtFirstRate(GridCell cell)
    {
        var rates = grid.Config.Axes.LearningRate;
        return cell with
        {
            LearningRate = grid.Config.Tuning?.Start[cell.Optimizer] ?? (rates.Count > 0 ? rates[0] : null),
        };
    }

    private ResolvedRun Resolve(RunConfig config)
    {
        _data ??= FrozenData.Of(config.Data.Folder);
        return ResolvedRun.From(config, _data.Fingerprint, _data.VocabularySize);
    }

    private List<(PlannedRun Run, TuningGroup? Tuning)> Chosen(IReadOnlyList<TuningGroup> groups)
    {
        var decided = groups.Where(group => group is { IsDecided: true, Best: not null })
            .ToDictionary(group => group.Anchor);
        return [.. from cell in _tuner.Cells
                   let tuning = decided.GetValueOrDefault(_tuner.AnchorOf(cell))
                   where tuning is not null
                   select (RunOf(cell with { LearningRate = tuning.Best }), tuning)];
    }
}
