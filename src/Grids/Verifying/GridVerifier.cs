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
    private const string SetAsideName = "set-aside";
    private const string Replan = "`grid launch` plans and trains what is missing";

    private readonly List<GridFinding> _findings = [];

    private readonly string _aside = FreePlace(folder.Root);

    /// <summary>What is wrong, in order of paths.</summary>
    /// <exception cref="UserException">No grid has been planned there.</exception>
    public IReadOnlyList<GridFinding> Verify()
    {
        if (!VerifyPointer()) return _findings;
        var grid = folder.Grid();
        if (folder.PlanFiles().FirstOrDefault() is { } first
            && grid.Id != Path.GetFileName(Path.GetDirectoryName(first)))
            Report(folder.Root, "the plan in use is not that of its grid file", Replan + " with the grid's file");
        // Before damaged lines go: their runs will be planned again.
        var plans = Path.Combine(folder.Root, GridFolder.PlansName);
        var planned = Directory.EnumerateFiles(plans, "*.jsonl", SearchOption.AllDirectories)
            .SelectMany(PlanLine.Read).Select(line => line.Run?.RunId).OfType<string>().ToHashSet();
        planned.UnionWith(Planned(grid));
        foreach (var path in folder.PlanFiles().ToList()) VerifyPlan(path);
        foreach (var path in Directory.EnumerateDirectories(folder.Root).Order(StringComparer.Ordinal))
            if (Path.GetFileName(path) is not (GridFolder.PlansName or SetAsideName)) VerifyRun(path, planned);
        foreach (var left in Directory.EnumerateFileSystemEntries(folder.Root, "*.tmp*", Everywhere).ToList())
            if (TemporaryName.IsLeft(left) && !left.Contains($"/{SetAsideName}/", StringComparison.Ordinal))
                SetAside(left, "left by a process that died while it wrote", "it is in the way of space alone");
        return [.. _findings.OrderBy(finding => finding.Path, StringComparer.Ordinal)];
    }

    // A place of its own for each repair.
    private static string FreePlace(string root)
    {
        var place = Path.Combine(root, SetAsideName, $"{DateTimeOffset.UtcNow:yyyyMMdd-HHmmss}");
        return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? place : $"{place}-{number}")
            .First(path => !Path.Exists(path));
    }

    // Where one plan alone can be meant, the pointer is written anew.
    private bool VerifyPointer()
    {
        var plans = folder.Plans();
        if (folder.PointsToPlan || plans.Count == 0) return true;
        SetAside(folder.Pointer, "it names no plan of this folder", plans.Count == 1
            ? $"it then names the one plan that is there, {plans[0]}" : Replan + " with the grid's file");
        if (!repair || plans.Count > 1) return false;
        AtomicFile.WriteText(folder.Pointer, plans[0] + "\n");
        return true;
    }

    // Damage to a plan makes none of its runs a stranger's.
    private IEnumerable<string> Planned(GridFile grid)
    {
        var watch = new OwnerWatch(OwnerWatch.DefaultTimeToLive);
        try
        {
            return new GridPlanner(grid)
                .Determined(run => RunState.Read(folder.RunFolder(run.RunId), watch).TuningLoss)
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
            SetAside(path, lines.Count == 0 ? "the plan has no lines"
                : $"the plan has no line that can be used: {bad[0].Problem}", Replan);
            return;
        }
        if (bad.Count == 0) return;
        var copy = repair ? Copy(path) : null;
        foreach (var (line, problem) in bad)
            Report($"{path}:{line.Number}", problem!, Replan, copy);
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

    private void VerifyRun(string path, HashSet<string> planned)
    {
        var name = Path.GetFileName(path);
        try
        {
            ConfinedPath.RequireNoLinks(path, depth: 5);
        }
        catch (UserException e)
        {
            Report(path, e.Message, Replan);
            return;
        }
        if (!planned.Contains(name))
        {
            if (!File.Exists(Path.Combine(path, RunResult.FileName)) && Below(path, "claims").Count == 0) return;
            // Its line of the plan may be damaged too, so that its files are looked at like the others'.
            Report(path, "no plan of this grid has this run", "leave it, or move it to its grid");
        }
        VerifyKinds(path);
        VerifyResult(path, name);
        VerifyIdentity(path, name);
        foreach (var claim in Below(path, "claims"))
        {
            VerifyJson<ProcessIdentity>(Path.Combine(claim, "claim.json"), claim);
            VerifyJson<Heartbeat>(Path.Combine(claim, "heartbeat.json"));
            VerifyJson<ClaimEnd>(Path.Combine(claim, "ended.json"));
        }
        foreach (var attempt in Below(path, "attempts"))
            VerifyJson<JsonNode>(Path.Combine(attempt, "start.json"));
    }

    private void VerifyKinds(string path)
    {
        foreach (var file in new[] { RunResult.FileName, "config.yaml", "run_id" })
            if (Directory.Exists(Path.Combine(path, file)))
                SetAside(Path.Combine(path, file), "it is a folder where a file belongs", Replan);
        foreach (var below in new[] { "claims", "attempts" })
            if (File.Exists(Path.Combine(path, below)))
                SetAside(Path.Combine(path, below), "it is a file where a folder belongs", Replan);
    }

    private void VerifyResult(string path, string name)
    {
        var file = Path.Combine(path, RunResult.FileName);
        try
        {
            if (RunResult.Read(path) is { } result && result.RunId != name)
                SetAside(file, $"it is the result of run {result.RunId}", Replan);
        }
        catch (UserException e)
        {
            SetAside(file, e.Message, Replan);
        }
    }

    private void VerifyIdentity(string path, string name)
    {
        var (identity, config) = (Path.Combine(path, "run_id"), Path.Combine(path, "config.yaml"));
        if (File.Exists(identity) && File.ReadAllText(identity).Trim() is var other && other != name)
            SetAside(identity, $"it names run {other}", Replan);
        if (!File.Exists(config)) return;
        try
        {
            if (RunSession.Resolve(RunConfig.Read(config)).Id is var id && id != name)
                SetAside(config, $"it is the configuration of run {id}", Replan);
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            SetAside(config, e.Message, Replan);
        }
    }

    private void VerifyJson<T>(string path, string? setAside = null)
    {
        if (!File.Exists(path)) return;
        try
        {
            if (JsonSerializer.Deserialize<T>(File.ReadAllText(path), JsonFormat.Line) is not null) return;
            SetAside(setAside ?? path, $"{Path.GetFileName(path)} is null", Replan);
        }
        catch (JsonException e)
        {
            SetAside(setAside ?? path, $"{Path.GetFileName(path)}: {JsonFormat.Problem(e)}", Replan);
        }
    }

    private static IReadOnlyList<string> Below(string path, string name)
    {
        var below = Path.Combine(path, name);
        return Directory.Exists(below) ? [.. Directory.EnumerateDirectories(below)] : [];
    }

    private void SetAside(string path, string problem, string cure)
    {
        if (!repair)
        {
            Report(path, problem, "`grid verify --repair` sets it aside; " + cure);
            return;
        }
        var target = Target(path);
        if (Directory.Exists(path)) Directory.Move(path, target);
        else if (File.Exists(path)) File.Move(path, target);
        else return;
        Report(path, problem, cure, target);
    }

    private string Copy(string path)
    {
        var target = Target(path);
        File.Copy(path, target);
        return target;
    }

    private string Target(string path)
    {
        var target = Path.Combine(_aside, Path.GetRelativePath(folder.Root, path));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return target;
    }

    private void Report(string path, string problem, string cure, string? repaired = null)
        => _findings.Add(new GridFinding(path, problem, cure, repaired));
}
