using System.Runtime.InteropServices;

namespace PretrainBench.Training;

/// <summary>
/// Turns notices of pre-emption (SIGTERM, and SIGUSR2, which Slurm sends by <c>--signal=USR2@120</c>) into a token to stop:
/// the run saves a checkpoint and ends as <see cref="RunOutcome.Preempted"/>.
/// </summary>
public sealed class PreemptionSignals : IDisposable
{
    /// <summary>SIGUSR2's number on Linux; .NET names no constant for it.</summary>
    private const PosixSignal UserSignal2 = (PosixSignal)12;

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Listens from now on, until disposed.</summary>
    /// <param name="withInterrupt">Whether Ctrl-C counts as well.</param>
    public PreemptionSignals(bool withInterrupt = false)
    {
        PosixSignal[] signals = withInterrupt ? [PosixSignal.SIGTERM, UserSignal2, PosixSignal.SIGINT] : [PosixSignal.SIGTERM, UserSignal2];
        foreach (var signal in signals)
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _source.Cancel();
            }));
    }

    /// <summary>Cancelled once a notice has come.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }
}
