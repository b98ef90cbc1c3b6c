using PretrainBench.Core;

namespace PretrainBench.Grids.Launching;

/// <summary>Workers as the tasks of a Slurm job array.</summary>
[Launcher("slurm")]
internal sealed class SlurmLauncher(LaunchRequest request) : IGridLauncher
{
    private const int DefaultMaxArraySize = 1001;

    public LaunchConfig? Here => null;

    public LaunchReport Submit(GridFolder folder, LaunchWatch watch)
    {
        var options = SlurmScript.Options(request.Passed ?? []);
        if (request.Threads is < 1)
            throw new UserException($"`--threads {request.Threads}`: at least one is needed");
        request.RequireNoContainer();
        request.RequireNoDevices();
        var submissions = new SubmissionFolder(folder);
        using var held = request.IsDry ? null : submissions.Lock();
        var present = request.IsDry ? [] : List(folder);
        var (workers, report) = OpenWork.Of(folder, request.Workers, () => present);
        if (report is not null) return report;
        if (MaxArraySize() is var most && workers > most)
            throw new UserException($"`--workers {workers}`: this Slurm takes arrays of at most {most} (MaxArraySize)");
        var program = ThisProgram.Freeze(submissions.Programs);
        var script = submissions.Add(SlurmScript.FileName,
            place => SlurmScript.Of(folder, program, place, workers, request.Threads, options));
        if (request.IsDry)
            return new(ExitCodes.Done, $"{workers} workers in {script}\nsubmit    sbatch {ShellText.Word(script)}",
                script);
        // With --parsable: the number, and behind a semicolon the cluster.
        var job = ExternalTool.MustRun("sbatch", "--parsable", script).Trim().Split(';')[0];
        if (job.Length == 0 || !job.All(char.IsAsciiDigit))
            throw new UserException($"`sbatch --parsable {script}` gave no job's number but `{PlainText.Of(job)}`; "
                + "`squeue --me` shows whether it was submitted", ExitCodes.Failed);
        return new(ExitCodes.Done, $"""
            job {job}: {workers} workers submitted{(present.Count > 0 ? $" beside {present.Count} that are there" : "")}
            follow    squeue --job {job}; pretrainbench grid status {ShellText.Word(folder.Root)}
            logs      {Path.GetDirectoryName(script)}/{job}_*.log
            cancel    pretrainbench grid cancel {ShellText.Word(folder.Root)}
            """, script, job, workers, present.Count);
    }

    public IReadOnlyList<string> List(GridFolder folder)
    {
        var submissions = new SubmissionFolder(folder);
        if (submissions.Files(SlurmScript.FileName).Count == 0) return [];
        // The script's path says whose job it is, whoever submitted it.
        return [.. ExternalTool.MustRun("squeue", "--noheader", "--array", "--me", "--format=%F_%K|%o").Split('\n')
            .Select(line => line.Split('|', 2))
            .Where(line => line.Length == 2
                && line[1].StartsWith(submissions.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Select(line => line[0])];
    }

    public IReadOnlyList<string> Cancel(GridFolder folder)
    {
        var jobs = List(folder);
        if (jobs.Count > 0)
            ExternalTool.MustRun("scancel", [.. jobs.Select(job => job.Split('_')[0]).Distinct()]);
        return [.. jobs.Select(job => $"slurm {job}")];
    }

    private static int MaxArraySize()
        => ExternalTool.Run("scontrol", "show", "config") is { ExitCode: 0 } answer
            && answer.Output.Split('\n')
                .FirstOrDefault(line => line.StartsWith("MaxArraySize", StringComparison.Ordinal)) is { } line
            && int.TryParse(line.Split('=')[^1], out var size) ? size : DefaultMaxArraySize;
}
