using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Tests.Shell;

public class TablesTests
{
    [Fact]
    public void Numbers_are_set_to_the_right_and_words_to_the_left()
    {
        var lines = Tables.Render(["optimizer", "loss", "gain"], [["muon", "3.25", "-0.1"], ["adamw", "13.5", ""]])
            .TrimEnd().Split('\n');
        var (first, second) =
            (lines.Single(line => line.Contains("3.25")), lines.Single(line => line.Contains("13.5")));
        Assert.Equal(first.IndexOf("3.25", StringComparison.Ordinal) + 4,
            second.IndexOf("13.5", StringComparison.Ordinal) + 4);
        Assert.Equal(first.IndexOf("muon", StringComparison.Ordinal),
            second.IndexOf("adamw", StringComparison.Ordinal));
    }

    [Fact]
    public void A_column_with_a_word_in_it_is_a_column_of_words()
    {
        var lines = Tables.Render(["run", "seed"], [["a", "1"], ["b", "none"]]).TrimEnd().Split('\n');
        Assert.Equal(lines.Single(line => line.Contains("none")).IndexOf("none", StringComparison.Ordinal),
            lines.Single(line => line.StartsWith('a')).IndexOf('1'));
    }
}
