using System.Text.Json;
using PretrainBench.Core;

namespace PretrainBench.Grids.Launching;

/// <summary>Workers as the pods of an Indexed Job, each with a GPU.</summary>
[Launcher("kubernetes")]
internal sealed class KubernetesLauncher(LaunchRequest request) : IGridLauncher
{
    private static readonly string[] Ends = ["Complete", "Failed"];

    public LaunchConfig? Here => null;

    public LaunchReport Submit(GridFolder folder, LaunchWatch watch)
    {
        if (request.Passed is [var first, ..])
            throw new UserException($"`-- {first}`: kubectl is passed nothing; `--dry-run` writes a file to edit");
        request.RequireNoDevices();
        var manifest = new KubernetesManifest(folder, request);
        var submissions = new SubmissionFolder(folder);
        using var held = request.IsDry ? null : submissions.Lock();
        var present = request.IsDry ? [] : List(folder);
        var (workers, report) = OpenWork.Of(folder, request.Workers, () => present);
        if (report is not null) return report;
        var program = ThisProgram.Freeze(submissions.Programs);
        var file = submissions.Add(KubernetesManifest.FileName, place => manifest.Of(program, place, workers));
        if (request.IsDry)
            return new(ExitCodes.Done,
                $"{workers} workers in {file}\nsubmit    kubectl apply -f {ShellText.Word(file)}", file);
        // It answers job.batch/NAME.
        var job = ExternalTool.MustRun("kubectl", "apply", "--output=name", "--filename", file).Trim().Split('/')[^1];
        SubmissionFolder.Submitted(file, job);
        var root = ShellText.Word(folder.Root);
        return new(ExitCodes.Done, $"""
            job {job}: {workers} workers submitted{(present.Count > 0 ? $" beside {present.Count} that are there" : "")}
            follow    kubectl get pods --selector job-name={job}; pretrainbench grid status {root}
            logs      kubectl logs --selector job-name={job} --prefix
            cancel    pretrainbench grid cancel {root}
            """, file, job, workers, present.Count);
    }

    public IReadOnlyList<string> List(GridFolder folder)
    {
        var submissions = new SubmissionFolder(folder);
        if (submissions.Files(KubernetesManifest.FileName).Count == 0) return [];
        string[] arguments = ["get", "jobs", "--output=json",
            $"--selector={KubernetesManifest.GridLabel}={KubernetesManifest.IdentityOf(folder)}"];
        // What a dry run wrote somebody may have applied by hand, where there is a cluster.
        return submissions.HasSubmitted(KubernetesManifest.FileName)
            ? Workers(ExternalTool.MustRun("kubectl", arguments))
            : ExternalTool.Run("kubectl", arguments) is { ExitCode: 0 } answer ? Workers(answer.Output) : [];
    }

    /// <summary>Pods get SIGTERM and the time that the manifest grants for a checkpoint.</summary>
    public IReadOnlyList<string> Cancel(GridFolder folder)
    {
        var workers = List(folder);
        if (workers.Count > 0)
            ExternalTool.MustRun("kubectl",
                ["delete", "jobs", "--wait=false", .. workers.Select(worker => worker.Split('#')[0]).Distinct()]);
        return [.. workers.Select(worker => $"kubernetes {worker}")];
    }

    /// <summary>The workers that are left of a list of jobs, as <c>kubectl get</c> shows it.</summary>
    internal static IReadOnlyList<string> Workers(string json)
    {
        var workers = new List<string>();
        foreach (var job in JsonDocument.Parse(json).RootElement.GetProperty("items").EnumerateArray())
        {
            var status = job.GetProperty("status");
            if (status.TryGetProperty("conditions", out var conditions) && conditions.EnumerateArray().Any(condition =>
                Ends.Contains(condition.GetProperty("type").GetString())
                && condition.GetProperty("status").GetString() == "True")) continue;
            var succeeded = status.TryGetProperty("succeeded", out var count) ? count.GetInt32() : 0;
            var left = job.GetProperty("spec").GetProperty("completions").GetInt32() - succeeded;
            var name = job.GetProperty("metadata").GetProperty("name").GetString();
            workers.AddRange(Enumerable.Range(0, left).Select(number => $"{name}#{number}"));
        }
        return workers;
    }
}
