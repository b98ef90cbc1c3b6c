using System.Collections.Concurrent;
using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Training;

namespace PretrainBench.Grids;

/// <summary>A grid's folder: <c>&lt;run id&gt;/</c> for each run, <c>plans/&lt;grid id&gt;/{grid.yaml, 1.jsonl, 2.jsonl
/// …}</c>, and <c>plans/current</c>, which names the plan in use. Plan files are written once and never changed: tuning
/// adds further ones. An edited grid file makes another plan; runs that both have are not trained again.</summary>
public sealed class GridFolder(string root)
{
    /// <summary>The folder of plans within the grid's folder.</summary>
    internal const string PlansName = "plans";

    /// <summary>The name, within the folder of plans, of the file that names the plan in use.</summary>
    internal const string CurrentName = "current";

    private const int MostPointerBytes = 1 << 12;

    // What has been complained about, so that it is said once.
    private readonly ConcurrentDictionary<string, bool> _named = [];

    // Plan files are never changed: whoever looks again reads what is new.
    private PlanRead _plan = new([], []);
    private WholePlan? _whole;

    public string Root => root;

    internal string PlansFolder => Path.Combine(root, PlansName);

    /// <summary>The folder of a run.</summary>
    /// <exception cref="UserException">The identity leads out of the grid's folder.</exception>
    public string RunFolder(string runId) => ConfinedPath.Of(root, runId);

    /// <summary>Where a run's first steps are taken over from; null where it trains them itself, or where something
    /// else than the trunk's folder stands in its place.</summary>
    public RunTrunk? TrunkOf(PlannedRun run)
        => run.Trunk is { SharedSteps: > 0 } place && Path.Combine(root, place.RunId) is var folder
            && GridLayout.Of(folder, EntryKind.Folder) is null ? new(folder, place.SharedSteps) : null;

    /// <summary>Whether a plan has been made here, whatever became of it.</summary>
    public bool HasPlan
        => FileEntry.KindOf(Pointer) != EntryKind.Nothing || GridLayout.Of(PlansFolder, EntryKind.Folder) is not null;

    /// <summary>A grid's folder; by default <c>runs/</c> and its name.</summary>
    /// <exception cref="UserException">The folder has no name.</exception>
    public static GridFolder Of(GridFile grid, string? folder = null)
        => folder is { Length: 0 } ? throw new UserException("`--folder`: name a folder")
            : new(folder ?? Path.Combine("runs", grid.Config.Name));

    /// <summary>The planned grid that a folder or a grid file means.</summary>
    /// <param name="folder">Where the grid of a file is; its default folder when null.</param>
    /// <exception cref="UserException">No grid has been planned there.</exception>
    public static GridFolder Planned(string fileOrFolder, string? folder = null)
    {
        var grid = Directory.Exists(fileOrFolder) ? new(fileOrFolder) : Of(GridFile.Read(fileOrFolder), folder);
        return grid.HasPlan ? grid : throw grid.NotPlanned();
    }

    /// <summary>Makes a grid the current one.</summary>
    /// <exception cref="UserException">The runs planned here so far are none of this version's, or something stands
    /// in the way of the plan.</exception>
    public void Use(GridFile grid)
    {
        var plan = Path.Combine(PlansFolder, grid.Id);
        var frozen = new FrozenGrid(plan);
        foreach (var (path, kind) in new[]
        {
            (PlansFolder, EntryKind.Folder), (plan, EntryKind.Folder), (Pointer, EntryKind.File),
            (frozen.Path, EntryKind.File),
        })
            if (GridLayout.Of(path, kind) is { } misplaced) throw misplaced.Error;
        if (PointsToPlan) Plan();
        var data = FrozenData.Of(grid, plan);
        frozen.Write(grid, root);
        data.Write(plan);
        PointTo(grid.Id);
    }

    /// <summary>The current grid as it was frozen, over which settings such as <c>axes.seed=[0,1]</c> are
    /// laid.</summary>
    /// <exception cref="UserException">No plan has been made here, or the grid file that it kept is
    /// damaged.</exception>
    public GridFile Grid(IReadOnlyCollection<string>? settings = null)
    {
        var frozen = new FrozenGrid(CurrentPlan());
        var grid = frozen.Read();
        return settings is { Count: > 0 } ? GridFile.Read(frozen.Path, settings) : grid;
    }

    /// <summary>What plans the current grid's runs, with the data set or without.</summary>
    /// <exception cref="UserException">No plan has been made here, or the grid file that it kept is
    /// damaged.</exception>
    public GridPlanner Planner()
    {
        var grid = Grid();
        return FrozenData.Read(CurrentPlan()) is { } data ? new(grid) { Data = data } : new(grid);
    }

    /// <summary>Gives runs, or every planned one, a new budget, so that those that failed are tried again.</summary>
    public void Forgive(IEnumerable<PlannedRun>? runs = null)
    {
        foreach (var folder in (runs ?? Plan()).Select(run => Path.Combine(root, run.RunId)))
        {
            try
            {
                if (FileEntry.KindOf(folder) == EntryKind.Folder && !GridLayout.OfRun(folder).Any())
                    new ClaimFiles(folder).Forgive();
            }
            catch (UserException e) when (!Disturbance.Is(e))
            {
                Serilog.Log.Warning("{Run} is not tried again: {Message}", folder, e.Message);
            }
        }
    }

    /// <summary>The runs planned so far, in order.</summary>
    /// <exception cref="UserException">A plan was written by an earlier version, or is damaged.</exception>
    public IReadOnlyList<PlannedRun> Plan()
    {
        var entries = PlanEntries().ToList();
        foreach (var (path, _) in entries.Where(entry => entry.Kind != EntryKind.File))
            if (GridLayout.Of(path, EntryKind.File) is { } misplaced && _named.TryAdd(path, true))
                Serilog.Log.Warning("{Message}; what it held is planned again", misplaced.Error.Message);
        IReadOnlyList<FileStamp> files
            = [.. entries.Where(entry => entry.Kind == EntryKind.File).Select(entry => FileStamp.Of(entry.Path))];
        var plan = _plan;
        if (!files.SequenceEqual(plan.Files))
            _plan = plan = new(
                files, [.. files.SelectMany(file => ReadPlan(file.Path)).DistinctBy(run => run.RunId)]);
        return plan.Runs;
    }

    /// <summary>The plan with whatever can be determined now; any number of processes may add to it at once. A run's
    /// loss is infinite when it diverged, and null while not known.</summary>
    public IReadOnlyList<PlannedRun> Extend(GridPlanner planner, Func<PlannedRun, double?> loss)
    {
        while (true)
        {
            var number = PlanEntries().Count() + 1;
            var planned = Plan();
            var determined = planner.Determined(loss);
            if (_whole == new WholePlan(planned, determined)) return planned;
            var known = planned.Select(run => run.RunId).ToHashSet();
            var added = determined.Where(run => !known.Contains(run.RunId)).ToList();
            if (added.Count == 0)
            {
                _whole = new(planned, determined);
                return planned;
            }
            var text = string.Concat(added.Select(run => JsonSerializer.Serialize(run, JsonFormat.Line) + "\n"));
            var path = Path.Combine(CurrentPlan(), $"{number}.jsonl");
            // Whoever loses the race reads what the winner wrote and looks again.
            if (AtomicFile.TryPublishText(path, text)) return [.. planned, .. added];
        }
    }

    // A damaged line costs its run its place alone: the next to extend the plan plans it again.
    private IReadOnlyList<PlannedRun> ReadPlan(string path)
    {
        var lines = PlanLine.Read(path);
        if (lines.Count > 0 && lines.All(line => line.IsOfEarlierVersion))
            throw new UserException($"{path}: is no plan of this version of pretrainbench, which counts runs in "
                + $"another way than versions before it: finish and collect the grid in {root} with the version that "
                + "planned it, or launch it into another folder");
        if (lines.Count == 0 && _named.TryAdd(path, true))
            Serilog.Log.Warning("{Plan}: this file of the plan is empty; `grid launch` plans its runs again, `grid "
                + "verify --repair` sets it aside", path);
        foreach (var line in lines.Where(line => line.Run is null && _named.TryAdd($"{path}:{line.Number}", true)))
            Serilog.Log.Warning("{Plan}:{Line}: this line of the plan is damaged ({Problem}); `grid launch` plans its "
                + "run again, `grid verify --repair` sets the line aside", path, line.Number,
                line.Problem);
        return [.. lines.Select(line => line.Run).OfType<PlannedRun>()];
    }

    /// <summary>The files of the current plan, in order.</summary>
    internal IEnumerable<string> PlanFiles()
        => PlanEntries().Where(entry => entry.Kind == EntryKind.File).Select(entry => entry.Path);

    // What is no file takes a number as well, so that the grid goes on beside it.
    private IEnumerable<(string Path, EntryKind Kind)> PlanEntries()
    {
        var folder = CurrentPlan();
        return Enumerable.Range(1, int.MaxValue).Select(number => Path.Combine(folder, $"{number}.jsonl"))
            .Select(path => (path, FileEntry.KindOf(path))).TakeWhile(entry => entry.Item2 != EntryKind.Nothing);
    }

    /// <summary>The file that names the plan in use.</summary>
    internal string Pointer => Path.Combine(PlansFolder, CurrentName);

    /// <summary>Whether the plan in use is known.</summary>
    internal bool PointsToPlan => IsPlan(PlanId());

    /// <summary>Puts a plan to use.</summary>
    internal void PointTo(string plan) => AtomicFile.WriteText(Pointer, plan + "\n");

    /// <summary>The names of all plans that were made here.</summary>
    internal IReadOnlyList<string> Plans()
        => !Directory.Exists(PlansFolder) ? [] : [.. Directory.EnumerateDirectories(PlansFolder)
            .Select(path => Path.GetFileName(path)).Where(IsPlan).Order(StringComparer.Ordinal)];

    private string CurrentPlan()
    {
        if (!HasPlan) throw NotPlanned();
        if ((GridLayout.Of(PlansFolder, EntryKind.Folder) ?? GridLayout.Of(Pointer, EntryKind.File)) is { } misplaced)
            throw misplaced.Error;
        return PlanId() is var id && IsPlan(id)
            ? ConfinedPath.Of(PlansFolder, id)
            : throw new UserException($"{Pointer}: damaged: it names no plan of this folder; `pretrainbench grid "
                + "verify --repair`, or `grid launch GRID.yaml` with the grid's file, mends it");
    }

    private UserException NotPlanned()
        => new($"{root}: no grid has been planned here; start one with `pretrainbench grid launch GRID.yaml`");

    /// <summary>The plan that the pointer names; empty where no pointer stands, or one too long for a name.</summary>
    internal string PlanId()
        => FileEntry.KindOf(Pointer) == EntryKind.File && new FileInfo(Pointer).Length <= MostPointerBytes
            ? File.ReadAllText(Pointer).Trim() : "";

    private bool IsPlan(string id)
        => ConfinedPath.IsName(id) && FileEntry.KindOf(Path.Combine(PlansFolder, id)) == EntryKind.Folder
            && FileEntry.KindOf(new FrozenGrid(Path.Combine(PlansFolder, id)).Path) == EntryKind.File;

    private sealed record PlanRead(IReadOnlyList<FileStamp> Files, IReadOnlyList<PlannedRun> Runs);

    private sealed record WholePlan(IReadOnlyList<PlannedRun> Planned, IReadOnlyList<PlannedRun> Determined);

    private readonly record struct FileStamp(string Path, long Bytes, DateTime WrittenAt)
    {
        public static FileStamp Of(string path)
        {
            var file = new FileInfo(path);
            return new(path, file.Length, file.LastWriteTimeUtc);
        }
    }
}
