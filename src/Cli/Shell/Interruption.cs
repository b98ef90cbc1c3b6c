using System.Runtime.InteropServices;

namespace PretrainBench.Cli.Shell;

/// <summary>Ctrl-C, SIGTERM and the pre-emption notices SIGUSR1 and SIGUSR2 as one cancellation token. The handler only
/// sets the token: whoever works stops at the next safe point. A second Ctrl-C ends the process at once. It listens
/// from the first look at <see cref="Token"/> on: commands that have nothing to save are ended by a signal as any
/// program is.</summary>
internal sealed class Interruption : IDisposable
{
    // Raw numbers: .NET names no constants for the user signals.
    private const PosixSignal UserSignal1 = (PosixSignal)10;
    private const PosixSignal UserSignal2 = (PosixSignal)12;

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile bool _isOrdered;

    /// <summary>Set when the process has been asked to stop.</summary>
    public CancellationToken Token
    {
        get
        {
            Listen();
            return _source.Token;
        }
    }

    /// <summary>Whether the process has been asked to stop.</summary>
    public bool IsRequested => _source.IsCancellationRequested;

    /// <summary>Whether there was a notice that the machine is wanted back, and no order to end.</summary>
    public bool IsNotice => IsRequested && !_isOrdered;

    /// <summary>Asks for the stop as a signal would.</summary>
    public void Request(bool isNotice = false)
    {
        if (!isNotice) _isOrdered = true;
        _source.Cancel();
    }

    // A signal may still be under way: the source is left to the process's end.
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Listen()
    {
        lock (_registrations)
        {
            if (_registrations.Count > 0) return;
            foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, UserSignal1, UserSignal2 })
                _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        var second = _source.IsCancellationRequested && context.Signal == PosixSignal.SIGINT;
        context.Cancel = !second;
        if (!second) Request(context.Signal is UserSignal1 or UserSignal2);
    }
}
