using Serilog;
using Serilog.Events;

namespace PretrainBench.Cli.Shell;

/// <summary>The process's log on standard error: warnings, and with <c>--verbose</c> everything.</summary>
internal static class LogSetup
{
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}";

    /// <summary>Starts the log; disposing flushes it.</summary>
    /// <param name="verbose">Whether information and debug events are shown too.</param>
    public static IDisposable Start(bool verbose)
    {
        Log.Logger = new LoggerConfiguration()
            .MinimumLevel.Is(verbose ? LogEventLevel.Debug : LogEventLevel.Warning)
            .WriteTo.Console(new PlainFormatter(verbose ? Template + "{Exception}" : Template),
                standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
        return new Flush();
    }

    private sealed class Flush : IDisposable
    {
        public void Dispose() => Log.CloseAndFlush();
    }
}
