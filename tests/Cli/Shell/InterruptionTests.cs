using System.Diagnostics;
using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Tests.Shell;

/// <summary>Real signals, sent to this process; not SIGINT, which a shell's background jobs are started
/// without.</summary>
[Collection(InThisProcess.Name)]
public class InterruptionTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    public void A_signal_asks_whoever_works_to_stop(string signal)
    {
        using var interruption = new Interruption();
        var token = interruption.Token;
        Assert.False(interruption.IsRequested);
        using (var kill = Process.Start("kill", [$"-{signal}", Environment.ProcessId.ToString()])) kill.WaitForExit();
        Assert.True(token.WaitHandle.WaitOne(TimeSpan.FromMinutes(5)));
        Assert.True(interruption.IsRequested);
    }

    [Fact]
    public void A_request_is_as_good_as_a_signal()
    {
        using var interruption = new Interruption();
        interruption.Request();
        Assert.True(interruption.Token.IsCancellationRequested);
    }
}
