using System.Text.Json;
using System.Text.Json.Nodes;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Training;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Verifying;

/// <summary>Checks a grid's folder: plans against identities, results against their runs and their type, claims,
/// orphans, and what dead writers left. Repairing moves damage to <c>set-aside/</c> and deletes nothing.</summary>
public sealed class GridVerifier(GridFolder folder, bool repair)
{
    private const string Replan = "`grid launch` plans and trains what is missing";

    private readonly SetAsideFolder _aside = new(folder.Root, repair);

    /// <summary>What is wrong, in order of paths.</summary>
    /// <exception cref="UserException">No grid has been planned there.</exception>
    public IReadOnlyList<GridFinding> Verify()
    {
        VerifyKinds(GridFolder.PlansName);
        if (!VerifyPointer() || Grid() is not { } grid) return _aside.Findings;
        // Before damaged lines go: their runs will be planned again.
        var planned = Directory.EnumerateFiles(folder.PlansFolder, "*.jsonl", Everywhere)
            .Where(path => FileEntry.KindOf(path) == EntryKind.File)
            .SelectMany(PlanLine.Read).Select(line => line.Run?.RunId).OfType<string>().ToHashSet();
        planned.UnionWith(Planned(grid));
        foreach (var path in folder.PlanFiles().ToList()) VerifyPlan(path);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder.Root).Order(StringComparer.Ordinal).ToList())
            if (Path.GetFileName(path) is not (GridFolder.PlansName or SetAsideFolder.Name) and var name
                && (planned.Contains(name) || IsRun(path)))
                VerifyRun(path, planned.Contains(name));
        foreach (var left in Directory.EnumerateFileSystemEntries(folder.Root, "*.tmp*", Everywhere).ToList())
            if (TemporaryName.IsLeft(left) && !left.Contains($"/{SetAsideFolder.Name}/", StringComparison.Ordinal))
                _aside.Move(left, "left by a process that died while it wrote", "it is in the way of space alone");
        return [.. _aside.Findings.OrderBy(finding => finding.Path, StringComparer.Ordinal)];
    }

    private void VerifyKinds(string name)
    {
        foreach (var (path, problem) in GridLayout.Below(folder.Root, name).ToList())
            _aside.Move(path, $"it {problem}", Replan);
    }

    // A plan is its grid file's, or nothing is planned from it.
    private GridFile? Grid()
    {
        GridFile grid;
        try
        {
            grid = folder.Grid();
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            _aside.Report(folder.Root, e.Message, "then verify again");
            return null;
        }
        if (grid.Id != folder.PlanId())
            _aside.Report(folder.Root, "the plan in use is not that of its grid file",
                Replan + " with the grid's file");
        return grid;
    }

    // Where one plan alone can be meant, the pointer is written anew.
    private bool VerifyPointer()
    {
        if (folder.PointsToPlan) return true;
        var plans = folder.Plans();
        if (ConfinedPath.IsName(folder.PlanId()) && Directory.Exists(Path.Combine(folder.PlansFolder, folder.PlanId())))
        {
            _aside.Report(folder.Root, "the plan in use has lost its copy of the grid file",
                Replan + " with the grid's file");
            return false;
        }
        if (FileEntry.KindOf(folder.Pointer) == EntryKind.File)
            _aside.Move(folder.Pointer, "it names no plan of this folder", plans.Count == 1
                ? $"it then names the one plan that is there, {plans[0]}" : Replan + " with the grid's file");
        if (!repair || plans.Count != 1) return false;
        folder.PointTo(plans[0]);
        return true;
    }

    // Damage to a plan makes none of its runs a stranger's.
    private IEnumerable<string> Planned(GridFile grid)
    {
        var watch = new OwnerWatch(OwnerWatch.DefaultTimeToLive);
        try
        {
            return new GridPlanner(grid)
                .Determined(run => RunState.Read(Path.Combine(folder.Root, run.RunId), watch).TuningLoss)
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
        var copy = repair ? _aside.Copy(path) : null;
        foreach (var (line, problem) in bad)
            _aside.Report($"{path}:{line.Number}", problem!, Replan, copy);
        if (repair)
            AtomicFile.WriteText(path, string.Concat(lines.Except(bad.Select(line => line.Line))
                .Select(line => line.Text + "\n")));
    }

    private static string? IdentityProblem(PlannedRun run)
    {
        try
        {
            return RunSession.Resolve(run.ReadConfig()).Id is var id && id != run.RunId
                ? $"run {run.RunId} has the configuration of run {id}, or the data was replaced" : null;
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            return $"run {run.RunId} cannot be trained: {e.Message}";
        }
    }

    private static bool IsRun(string path)
        => File.Exists(Path.Combine(path, RunResult.FileName)) || Below(path, ClaimFiles.FolderName).Count > 0;

    private void VerifyRun(string path, bool isPlanned)
    {
        var name = Path.GetFileName(path);
        // Its line of the plan may be damaged too, so that its files are looked at like the others'.
        if (!isPlanned) _aside.Report(path, "no plan of this grid has this run", "leave it, or move it to its grid");
        var before = _aside.Findings.Count;
        VerifyKinds(name);
        if (FileEntry.KindOf(path) != EntryKind.Folder) return;
        VerifyResult(path, name);
        VerifyWeights(path, name);
        VerifyIdentity(path, name);
        foreach (var claim in Below(path, ClaimFiles.FolderName))
        {
            VerifyJson<ProcessIdentity>(Path.Combine(claim, "claim.json"), claim);
            VerifyJson<Heartbeat>(Path.Combine(claim, "heartbeat.json"));
            VerifyJson<ClaimEnd>(Path.Combine(claim, "ended.json"));
        }
        foreach (var attempt in Below(path, "attempts"))
            VerifyJson<JsonNode>(Path.Combine(attempt, "start.json"));
        // What failed because of what is set aside now may be tried again.
        if (_aside.Findings.Skip(before).Any(finding => finding.Repaired is not null)) new ClaimFiles(path).Forgive();
    }

    private void VerifyResult(string path, string name)
    {
        var file = Path.Combine(path, RunResult.FileName);
        if (FileEntry.KindOf(file) != EntryKind.File) return;
        try
        {
            if (RunResult.Read(path) is { } result && result.RunId != name)
                _aside.Move(file, $"it is the result of run {result.RunId}", Replan);
        }
        catch (UserException e)
        {
            _aside.Move(file, e.Message, Replan);
        }
    }

    private void VerifyWeights(string path, string name)
    {
        if (FinalModel.WeightsProblem(path, name) is { } problem)
            _aside.Move(FinalModel.WeightsPath(path), problem, "its result stands without them; to have them again, "
                + "set the result aside too and launch the grid again");
    }

    private void VerifyIdentity(string path, string name)
    {
        var (identity, config) = (Path.Combine(path, "run_id"), Path.Combine(path, "config.yaml"));
        if (FileEntry.KindOf(identity) == EntryKind.File
            && File.ReadAllText(identity).Trim() is var other && other != name)
            _aside.Move(identity, $"it names run {other}", Replan);
        if (FileEntry.KindOf(config) != EntryKind.File) return;
        try
        {
            if (RunSession.Resolve(RunConfig.Read(config)).Id is var id && id != name)
                _aside.Move(config, $"it is the configuration of run {id}", Replan);
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            _aside.Move(config, e.Message, Replan);
        }
    }

    private void VerifyJson<T>(string path, string? setAside = null)
    {
        if (FileEntry.KindOf(path) != EntryKind.File) return;
        try
        {
            if (JsonSerializer.Deserialize<T>(File.ReadAllText(path), JsonFormat.Line) is not null) return;
            _aside.Move(setAside ?? path, $"{Path.GetFileName(path)} is null", Replan);
        }
        catch (JsonException e)
        {
            _aside.Move(setAside ?? path, $"{Path.GetFileName(path)}: {JsonFormat.Problem(e)}", Replan);
        }
    }

    private static IReadOnlyList<string> Below(string path, string name)
    {
        var below = Path.Combine(path, name);
        return Directory.Exists(below) ? [.. Directory.EnumerateDirectories(below)] : [];
    }
}
