using PretrainBench.Cli.Shell;
using Spectre.Console;

namespace PretrainBench.Cli.Tests.Shell;

public class ProgressDisplayTests
{
    [Fact]
    public void Without_a_terminal_the_first_and_the_last_report_are_lines_and_those_soon_after_a_line_are_not()
    {
        var output = new StringWriter();
        var report = ProgressDisplay.PlainLines("grid", output).Report;
        report(new ProgressUpdate(1, 4, "1/4 runs"));
        report(new ProgressUpdate(2, 4, "2/4 runs"));
        report(new ProgressUpdate(4, 4, "4/4 runs"));
        report(new ProgressUpdate(4, 4, "4/4 runs"));
        Assert.Equal(["grid: 25 %, 1/4 runs", "grid: 100 %, 4/4 runs"], Lines(output));
    }

    [Fact]
    public void What_is_not_finished_is_not_a_hundred_per_cent()
    {
        var output = new StringWriter();
        ProgressDisplay.PlainLines("grid", output).Report(new ProgressUpdate(997, 1000, "57/60 runs"));
        Assert.Equal(["grid: 99 %, 57/60 runs"], Lines(output));
    }

    [Fact]
    public void Without_a_total_there_is_no_share()
    {
        var output = new StringWriter();
        ProgressDisplay.PlainLines("data", output).Report(new ProgressUpdate(7, 0, "7 files"));
        Assert.Equal(["data: 7 files"], Lines(output));
    }

    [Fact]
    public void On_a_terminal_lines_stand_beneath_the_bar_as_far_as_there_is_room_and_what_is_said_stays()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        (console.Profile.Width, console.Profile.Height) = (60, 9);
        var code = ProgressDisplay.WithBar(console, "grid", screen =>
        {
            screen.Say("said [once]\u001b[2J");
            screen.Report(new ProgressUpdate(1, 4, "1/4 runs",
                [.. Enumerable.Range(1, 9).Select(i => $"line {i} " + new string('-', 60))]));
            return 7;
        });
        Assert.Equal(7, code);
        var text = output.ToString();
        Assert.Contains("said [once]\uFFFD[2J", text, StringComparison.Ordinal);
        Assert.Contains("grid 1/4 runs", text, StringComparison.Ordinal);
        Assert.Contains("line 3 ---", text, StringComparison.Ordinal);
        Assert.Contains("… and 6 more", text, StringComparison.Ordinal);
        Assert.DoesNotContain("line 4", text, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('-', 60), text, StringComparison.Ordinal);
    }

    private static string[] Lines(StringWriter output)
        => output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
