using PretrainBench.Data;
using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Configuration;
using Serilog;

namespace PretrainBench.Training;

/// <summary>A run whose first steps are another's as well: until their learning rates part, runs that differ in length
/// alone compute the same (Hu et al., arXiv 2404.06395; Hägele et al., arXiv 2405.18392).</summary>
/// <param name="Folder">The trunk's folder.</param>
/// <param name="Step">How many steps both have in common.</param>
public sealed record RunTrunk(string Folder, int Step)
{
    /// <summary>Whether the trunk has got there and its checkpoint can be taken up.</summary>
    public bool IsReached => CheckpointFolder.Exists(Checkpoints, Step);

    private IEnumerable<string> Checkpoints
        => new RunFolder(Folder).Attempts().Select(attempt => attempt.CheckpointsFolder);

    /// <summary>The trunk's checkpoint with the most of the common steps; null when it has none.</summary>
    /// <exception cref="UserException">The two runs part earlier.</exception>
    internal (string Folder, CheckpointState State)? Newest(ResolvedRun run, TokenDataset data, ILogger logger)
    {
        var config = new RunFolder(Folder).ConfigPath;
        if (!File.Exists(config)) return null;
        var trunk = RunSession.Resolve(RunConfig.Read(config), data);
        if (Beginning(trunk) != Beginning(run) || !Factors(trunk).SequenceEqual(Factors(run)))
            throw new UserException($"{Folder}: holds run {trunk.Id}, whose first {Step} steps are not those of run "
                + $"{run.Id}; train the run without it");
        var (start, trunkStart) = (AverageStart(run), AverageStart(trunk));
        if (start < Step && start != trunkStart)
            throw new UserException($"{Folder}: holds run {trunk.Id}, and the run {run.Id} cannot take over {Step} "
                + $"steps of it: the averages of their weights begin at steps {start} and {trunkStart}; branch at step "
                + $"{start} at the latest, or train the run without it");
        return CheckpointFolder.Newest(Checkpoints, trunk.Id, logger, Step);
    }

    private static int AverageStart(ResolvedRun run) => run.Config.Averaging?.Start(run.Steps) ?? 0;

    // The identity of the common steps but for the learning rates.
    private string Beginning(ResolvedRun run)
        => (run with { Steps = Step, Config = run.Config with { Schedule = new() } }).Id;

    private IEnumerable<double> Factors(ResolvedRun run)
        => Enumerable.Range(0, Step).Select(step => run.Config.Schedule.Factor(step, run.Steps));
}
