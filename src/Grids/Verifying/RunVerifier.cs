using System.Text.Json;
using System.Text.Json.Nodes;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Data;
using PretrainBench.Grids.Claims;
using PretrainBench.Training;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Verifying;

/// <summary>Checks the folders of single runs.</summary>
internal sealed class RunVerifier(SetAsideFolder aside)
{
    private const string Replan = GridVerifier.Replan;
    private const int MostCharacters = 1 << 16;

    private readonly Dictionary<string, bool> _data = [];

    /// <summary>The identity of a run with a configuration; null where its data set is away, which is named once and
    /// says nothing about the run.</summary>
    /// <exception cref="UserException">The configuration cannot be trained.</exception>
    public string? IdentityOf(RunConfig config)
    {
        var data = config.Data.Folder;
        if (!_data.TryGetValue(data, out var isThere))
        {
            try
            {
                DatasetManifest.Read(data);
                isThere = true;
            }
            catch (UserException e) when (!Disturbance.Is(e))
            {
                aside.Report(data, e.Message, "plans and configurations are checked when it is back");
            }
            _data[data] = isThere;
        }
        return isThere ? RunSession.Resolve(config).Id : null;
    }

    /// <summary>Whether a folder is a run's, planned or not.</summary>
    public static bool IsRun(string path)
        => File.Exists(Path.Combine(path, RunResult.FileName)) || Below(path, ClaimFiles.FolderName).Count > 0;

    /// <summary>Checks what is in a run's folder.</summary>
    /// <param name="path">What stands in its place.</param>
    /// <param name="isPlanned">Whether a plan of the grid has it.</param>
    public void Verify(string path, bool isPlanned)
    {
        var name = Path.GetFileName(path);
        // Its line of the plan may be damaged too, so that its files are looked at like the others'.
        if (!isPlanned) aside.Report(path, "no plan of this grid has this run", "leave it, or move it to its grid");
        var before = aside.Findings.Count;
        aside.MoveMisplaced(name, Replan);
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
        if (aside.Findings.Skip(before).Any(finding => finding.Repaired is not null)) new ClaimFiles(path).Forgive();
    }

    private void VerifyResult(string path, string name)
    {
        var file = Path.Combine(path, RunResult.FileName);
        if (FileEntry.KindOf(file) != EntryKind.File) return;
        try
        {
            if (RunResult.Read(path) is { } result && result.RunId != name)
                aside.Move(file, $"it is the result of run {result.RunId}", Replan);
        }
        catch (UserException e)
        {
            aside.Move(file, e.Message, Replan);
        }
    }

    private void VerifyWeights(string path, string name)
    {
        foreach (var weights in FinalModel.WeightsPaths(path))
            if (FinalModel.WeightsProblem(weights, name) is { } problem)
                aside.Move(weights, problem, "its result stands without them; to have them again, set the result "
                    + "aside too and launch the grid again");
    }

    private void VerifyIdentity(string path, string name)
    {
        var (identity, config) = (Path.Combine(path, "run_id"), Path.Combine(path, "config.yaml"));
        if (FileEntry.KindOf(identity) == EntryKind.File && Text(identity).Trim() is var other && other != name)
            aside.Move(identity, $"it names run {PlainText.Of(other)}", Replan);
        if (FileEntry.KindOf(config) != EntryKind.File) return;
        try
        {
            if (IdentityOf(RunConfig.Read(config)) is { } id && id != name)
                aside.Move(config, $"it is the configuration of run {id}", Replan);
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            aside.Move(config, e.Message, Replan);
        }
    }

    private void VerifyJson<T>(string path, string? setAside = null)
    {
        if (FileEntry.KindOf(path) != EntryKind.File) return;
        try
        {
            if (JsonSerializer.Deserialize<T>(Text(path), JsonFormat.Line) is not null) return;
            aside.Move(setAside ?? path, $"{Path.GetFileName(path)} is null", Replan);
        }
        catch (JsonException e)
        {
            aside.Move(setAside ?? path, $"{Path.GetFileName(path)}: {JsonFormat.Problem(e)}", Replan);
        }
    }

    // No such file is longer than what is read of it here.
    private static string Text(string path)
    {
        using var reader = new StreamReader(path);
        var buffer = new char[MostCharacters];
        return new string(buffer, 0, reader.ReadBlock(buffer));
    }

    private static IReadOnlyList<string> Below(string path, string name)
    {
        var below = Path.Combine(path, name);
        return Directory.Exists(below) ? [.. Directory.EnumerateDirectories(below)] : [];
    }
}
