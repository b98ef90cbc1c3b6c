using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Tests.Shell;

public class ProgressDisplayTests
{
    [Fact]
    public void Without_a_terminal_the_first_and_the_last_report_are_lines_and_those_soon_after_a_line_are_not()
    {
        var output = new StringWriter();
        var report = ProgressDisplay.PlainLines("grid", output);
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
        ProgressDisplay.PlainLines("grid", output)(new ProgressUpdate(997, 1000, "57/60 runs"));
        Assert.Equal(["grid: 99 %, 57/60 runs"], Lines(output));
    }

    [Fact]
    public void Without_a_total_there_is_no_share()
    {
        var output = new StringWriter();
        ProgressDisplay.PlainLines("data", output)(new ProgressUpdate(7, 0, "7 files"));
        Assert.Equal(["data: 7 files"], Lines(output));
    }

    private static string[] Lines(StringWriter output)
        => output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
