using System.Diagnostics;
using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Tests.Shell;

/// <summary>Real signals, sent to this process; not SIGINT, which a shell's background jobs are started
/// without.</summary>
[Collection(InThisProcess.Name)]
public class InterruptionTests
{
    [Theory]
    [InlineData("TERM", false)]
    [InlineData("USR1", true)]
    [InlineData("USR2", true)]
    public void A_signal_asks_whoever_works_to_stop(string signal, bool isNotice)
    {
        using var interruption = new Interruption();
        var token = interruption.Token;
        Assert.False(interruption.IsRequested);
        using (var kill = Process.Start("kill", [$"-{signal}", Environment.ProcessId.ToString()])) kill.WaitForExit();
        Assert.True(token.WaitHandle.WaitOne(TimeSpan.FromMinutes(5)));
        Assert.True(interruption.IsRequested);
        Assert.Equal(isNotice, interruption.IsNotice);
    }

    [Fact]
    public void An_order_to_end_outweighs_every_notice()
    {
        using var interruption = new Interruption();
        interruption.Request(isNotice: true);
        Assert.True(interruption.IsNotice);
        interruption.Request();
        interruption.Request(isNotice: true);
        Assert.False(interruption.IsNotice);
    }

    [Fact]
    public void A_request_is_as_good_as_a_signal()
    {
        using var interruption = new Interruption();
        interruption.Request();
        Assert.True(interruption.Token.IsCancellationRequested);
    }
}
