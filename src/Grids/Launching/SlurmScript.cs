using PretrainBench.Core;
using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Launching;

/// <summary>The file that sbatch is given.</summary>
internal static class SlurmScript
{
    public const string FileName = "submit.sbatch";

    /// <summary>The lines that pass arguments on: an option and what follows it is one.</summary>
    /// <exception cref="UserException">They are no options.</exception>
    public static IReadOnlyList<string> Options(IReadOnlyList<string> passed)
    {
        var options = new List<string>();
        foreach (var argument in passed)
        {
            if (argument.Any(char.IsControl))
                throw new UserException("`--`: what is passed to sbatch may hold no line breaks");
            if (argument.StartsWith('-')) options.Add(argument);
            else if (options.Count > 0) options[^1] += $" {argument}";
            else throw new UserException($"`-- {argument}`: is no option of sbatch, such as --partition=gpu");
        }
        return options;
    }

    /// <summary>The script; what the user passes on stands last, and wins.</summary>
    /// <param name="program">The program and its first arguments.</param>
    /// <param name="place">The submission's folder, where the logs go.</param>
    public static string Of(GridFolder folder, IReadOnlyList<string> program, string place, int workers, int? threads,
        IReadOnlyList<string> options)
    {
        if (place.Concat(Environment.CurrentDirectory).Any(c => c is '"' or '\\'))
            throw new UserException($"{place}: Slurm takes no `\"` and no `\\` in the path of a log or of the folder "
                + "that a job starts in; launch from another folder, or name another with `--folder`");
        List<string> lines =
        [
            $"--job-name={folder.Grid().Config.Name}",
            $"--array=0-{workers - 1}",
            $"--chdir=\"{Environment.CurrentDirectory}\"",
            // % begins a number of Slurm's.
            $"--output=\"{place.Replace("%", "%%", StringComparison.Ordinal)}/%A_%a.log\"",
            "--open-mode=append",
            "--requeue",
            "--signal=B:USR2@120",
            .. threads is { } count ? [$"--cpus-per-task={count}"] : Array.Empty<string>(),
            .. options,
        ];
        var command = string.Join(' ', program.Select(ShellText.Word));
        return $$"""
            #!/bin/bash
            # Workers of a grid, as `pretrainbench grid launch` wrote them; `sbatch` takes this file as often as wanted.
            {{string.Join('\n', lines.Select(line => $"#SBATCH {line}"))}}

            # A notice that comes before the program listens must not end it; the program keeps the time itself, too.
            trap '' USR2
            export {{SlurmJob.SubmissionVariable}}=1
            export OMP_NUM_THREADS="${SLURM_CPUS_PER_TASK:-1}"
            echo "worker $SLURM_ARRAY_TASK_ID of job $SLURM_ARRAY_JOB_ID on $SLURMD_NODENAME," \
              "restart ${SLURM_RESTART_COUNT:-0}, CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES:-}"
            exec {{command}} grid work {{ShellText.Word(Path.GetFullPath(folder.Root))}} \
              --threads "$OMP_NUM_THREADS"

            """;
    }
}
