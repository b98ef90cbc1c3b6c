namespace PretrainBench.Cli.Shell;

/// <summary>Ends a worker with its launcher: the launcher holds the other end of standard input, and the system closes
/// it when the launcher dies, however it dies. A worker without such a pipe (a terminal, a file, nothing) is not
/// watched.</summary>
internal sealed class ParentWatch : IDisposable
{
    private readonly Interruption _interruption;
    private volatile bool _over;

    /// <summary>Starts to watch.</summary>
    /// <param name="interruption">Requested when the launcher is gone.</param>
    public ParentWatch(Interruption interruption)
    {
        _interruption = interruption;
        if (!Console.IsInputRedirected || Environment.GetEnvironmentVariable(WatchVariable) is null) return;
        new Thread(Watch) { IsBackground = true, Name = "launcher watch" }.Start();
    }

    /// <summary>Set by the launcher for its workers.</summary>
    public const string WatchVariable = Grids.Launching.LocalLauncher.WatchVariable;

    public void Dispose() => _over = true;

    private void Watch()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }
        if (!_over) _interruption.Request();
    }
}
