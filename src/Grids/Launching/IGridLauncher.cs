using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Launching;

/// <summary>Starts workers of a grid somewhere, finds them again and ends them, and no more: workers claim runs, save
/// checkpoints and go on by themselves, through the grid's folder.</summary>
public interface IGridLauncher
{
    /// <summary>What its workers take of this machine; null where they work elsewhere.</summary>
    LaunchConfig? Here { get; }

    /// <summary>Starts as many workers as the grid still needs.</summary>
    /// <exception cref="UserException">They cannot be started.</exception>
    LaunchReport Submit(GridFolder folder, LaunchWatch watch);

    /// <summary>The names of the grid's workers, or of what holds them, queued or running.</summary>
    IReadOnlyList<string> List(GridFolder folder);

    /// <summary>Ends them; those that train save a checkpoint first.</summary>
    /// <returns>Those that were told.</returns>
    IReadOnlyList<string> Cancel(GridFolder folder);
}

/// <summary>What was asked of a launcher.</summary>
/// <param name="Workers">How many workers; null: the launcher's choice.</param>
/// <param name="Threads">Threads of each; null: the launcher's choice.</param>
/// <param name="IsDry">Whether everything is written and nothing submitted.</param>
/// <param name="Passed">Arguments for the scheduler, as they are.</param>
/// <param name="Image">What containers run in; null: one with .NET alone.</param>
/// <param name="Claim">The volume claim that holds the working directory.</param>
/// <param name="Queue">Kueue's queue.</param>
public sealed record LaunchRequest(
    int? Workers = null, int? Threads = null, bool IsDry = false, IReadOnlyList<string>? Passed = null,
    string? Image = null, string? Claim = null, string? Queue = null)
{
    /// <summary>The grid, whose base may name a device.</summary>
    public GridFile? Grid { get; init; }

    /// <summary>Devices of this machine that were asked for.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>How many workers share each of them; null: one.</summary>
    public int? WorkersPerDevice { get; init; }

    /// <exception cref="UserException">Devices of this machine are asked for.</exception>
    internal void RequireNoDevices()
    {
        if (Devices.Count > 0 || WorkersPerDevice is not null)
            throw new UserException("`--devices` and `--workers-per-device` are for this machine; elsewhere the "
                + "scheduler gives each worker its device");
    }

    /// <exception cref="UserException">Something is asked for that only containers have.</exception>
    internal void RequireNoContainer()
    {
        if ((Image ?? Claim ?? Queue) is not null)
            throw new UserException("`--image`, `--claim` and `--queue` are for `--on kubernetes`");
    }
}

/// <summary>Who is told about a launch, and how it is stopped, while it lasts.</summary>
/// <param name="OnStatus">Told now and then where the grid stands.</param>
/// <param name="OnLine">Told each line that a worker writes: warnings and errors.</param>
/// <param name="Stop">Ends the workers after a checkpoint.</param>
public sealed record LaunchWatch(Action<GridStatus> OnStatus, Action<string> OnLine, CancellationToken Stop);

/// <summary>How a launch ended.</summary>
/// <param name="ExitCode">See <see cref="ExitCodes"/>.</param>
/// <param name="Text">What was submitted, for people; null where the grid's status says all.</param>
/// <param name="Script">What was given to the scheduler.</param>
/// <param name="Job">The scheduler's name for it.</param>
/// <param name="Submitted">How many workers were submitted.</param>
/// <param name="Present">How many were there already.</param>
public sealed record LaunchReport(
    int ExitCode, string? Text = null, string? Script = null, string? Job = null, int Submitted = 0, int Present = 0);
