using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Verifying;

/// <summary>Checks a grid's folder: plans against identities, results against their runs and their type, claims,
/// orphans, and what dead writers left. Repairing moves damage to <c>set-aside/</c> and deletes nothing.</summary>
public sealed class GridVerifier
{
    internal const string Replan = "`grid launch` plans and trains what is missing";

    private readonly GridFolder _folder;
    private readonly bool _repair;
    private readonly SetAsideFolder _aside;
    private readonly RunVerifier _runs;

    /// <summary>Looks at nothing yet.</summary>
    /// <param name="repair">Whether damage is set aside.</param>
    public GridVerifier(GridFolder folder, bool repair)
    {
        (_folder, _repair) = (folder, repair);
        _aside = new SetAsideFolder(folder.Root, repair);
        _runs = new RunVerifier(_aside);
    }

    /// <summary>What is wrong, in order of paths.</summary>
    /// <exception cref="UserException">No grid has been planned there.</exception>
    public IReadOnlyList<GridFinding> Verify()
    {
        _aside.MoveMisplaced(GridFolder.PlansName, Replan);
        _aside.MoveMisplaced(SubmissionFolder.Name, "`grid launch` submits anew");
        var isInUse = VerifyPointer();
        var grid = isInUse ? Grid() : null;
        // Before damaged lines go: their runs will be planned again.
        var planned = PlannedEver().ToHashSet();
        if (grid is not null) planned.UnionWith(Planned());
        foreach (var path in isInUse ? _folder.PlanFiles().ToList() : []) VerifyPlan(path);
        foreach (var path in Directory.EnumerateFileSystemEntries(_folder.Root).Order(StringComparer.Ordinal).ToList())
            if (Path.GetFileName(path) is not (GridFolder.PlansName or SetAsideFolder.Name or SubmissionFolder.Name)
                and var name
                && (planned.Contains(name) || RunVerifier.IsRun(path)))
                _runs.Verify(path, grid is null || planned.Contains(name));
        foreach (var left in Directory.EnumerateFileSystemEntries(_folder.Root, "*.tmp*", Everywhere).ToList())
            if (TemporaryName.IsLeft(left) && !left.Contains($"/{SetAsideFolder.Name}/", StringComparison.Ordinal))
                _aside.Move(left, "left by a process that died while it wrote", "it is in the way of space alone");
        return [.. _aside.Findings.OrderBy(finding => finding.Path, StringComparer.Ordinal)];
    }

    private IEnumerable<string> PlannedEver()
        => !Directory.Exists(_folder.PlansFolder) ? []
            : Directory.EnumerateFiles(_folder.PlansFolder, "*.jsonl", Everywhere)
                .Where(path => FileEntry.KindOf(path) == EntryKind.File)
                .SelectMany(PlanLine.Read).Select(line => line.Run?.RunId).OfType<string>();

    // A plan is its grid file's, or nothing is planned from it.
    private GridFile? Grid()
    {
        GridFile grid;
        try
        {
            grid = _folder.Grid();
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            _aside.Report(_folder.Root, e.Message, "then verify again");
            return null;
        }
        if (grid.Id != _folder.PlanId())
            _aside.Report(_folder.Root, "the plan in use is not that of its grid file",
                Replan + " with the grid's file");
        return grid;
    }

    // Where one plan alone can be meant, the pointer is written anew.
    private bool VerifyPointer()
    {
        if (_folder.PointsToPlan) return true;
        var plans = _folder.Plans();
        var named = _folder.PlanId();
        if (ConfinedPath.IsName(named) && Directory.Exists(Path.Combine(_folder.PlansFolder, named)))
        {
            _aside.Report(_folder.Root, "the plan in use has lost its copy of the grid file",
                Replan + " with the grid's file");
            return false;
        }
        if (FileEntry.KindOf(_folder.Pointer) == EntryKind.File)
            _aside.Move(_folder.Pointer, "it names no plan of this folder", plans.Count == 1
                ? $"it then names the one plan that is there, {plans[0]}" : Replan + " with the grid's file");
        if (!_repair || plans.Count != 1) return false;
        _folder.PointTo(plans[0]);
        return true;
    }

    // Damage to a plan makes none of its runs a stranger's.
    private IEnumerable<string> Planned()
    {
        var watch = new OwnerWatch(OwnerWatch.DefaultTimeToLive);
        try
        {
            return _folder.Planner()
                .Determined(run => RunState.Read(Path.Combine(_folder.Root, run.RunId), watch).TuningLoss)
                .Select(run => run.RunId);
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            return [];
        }
    }

    private static EnumerationOptions Everywhere => new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private void VerifyPlan(string path)
    {
        var lines = PlanLine.Read(path);
        var bad = lines.Select(line => (Line: line, Problem: line.Problem ?? IdentityProblem(line.Run!)))
            .Where(line => line.Problem is not null).ToList();
        if (bad.Count == lines.Count)
        {
            _aside.Move(path, lines.Count == 0 ? "the plan has no lines"
                : $"the plan has no line that can be used: {bad[0].Problem}", Replan);
            return;
        }
        if (bad.Count == 0) return;
        var copy = _repair ? _aside.Copy(path) : null;
        foreach (var (line, problem) in bad)
            _aside.Report($"{path}:{line.Number}", problem!, Replan, copy);
        if (_repair)
            AtomicFile.WriteText(path, string.Concat(lines.Except(bad.Select(line => line.Line))
                .Select(line => line.Text + "\n")));
    }

    private string? IdentityProblem(PlannedRun run)
    {
        try
        {
            return _runs.IdentityOf(run.ReadConfig()) is { } id && id != run.RunId
                ? $"run {run.RunId} has the configuration of run {id}, or the data was replaced" : null;
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            return $"run {run.RunId} cannot be trained: {e.Message}";
        }
    }
}
