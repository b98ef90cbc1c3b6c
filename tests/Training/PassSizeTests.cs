using PretrainBench.Core.Configuration;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

[Collection(nameof(TestCorpus))]
public class PassSizeTests(TestCorpus corpus)
{
    [Theory]
    [InlineData("0", 12)]
    [InlineData("3", 3)]
    [InlineData("auto", 12)]
    public void A_size_is_the_one_asked_for_or_what_fits(string asked, int size)
        => Assert.Equal(size, PassSize.Of(Config(asked), _ => 1, CPU));

    [Theory]
    [InlineData(12, 12)]
    [InlineData(11, 6)]
    [InlineData(5, 4)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    public void Auto_takes_the_largest_divisor_whose_estimate_fits(int fitting, int size)
        => Assert.Equal(size,
            PassSize.Of(Config("auto"), sequences => sequences <= fitting ? 1 : double.PositiveInfinity, CPU));

    [Fact]
    public void Smaller_sizes_are_divisors_down_to_one()
    {
        Assert.Equal(6, PassSize.Smaller(12, 12));
        Assert.Equal(4, PassSize.Smaller(12, 6));
        Assert.Equal(1, PassSize.Smaller(7, 7));
        Assert.Null(PassSize.Smaller(12, 1));
    }

    [Fact]
    public void Who_has_too_little_memory_is_told_what_to_set()
    {
        var message = PassSize.TooLarge(Config("0"), 12, new InvalidOperationException()).Message;
        Assert.Contains("execution.micro_batch_sequences=6 (or auto)", message, StringComparison.Ordinal);
        Assert.Contains("execution.recompute_activations=true", message, StringComparison.Ordinal);
        Assert.Contains("batch.sequence_length",
            PassSize.TooLarge(Config("1"), 1, new InvalidOperationException()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("6")]
    public void The_setting_is_written_as_it_is_read(string asked)
    {
        Assert.Contains($"micro_batch_sequences: {asked}\n", ConfigWriter.ToYaml(Config(asked)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("some")]
    public void What_is_no_size_is_refused(string asked)
        => Assert.Contains("0 for the whole batch, or `auto`",
            Assert.Throws<UserException>(() => Config(asked)).Message, StringComparison.Ordinal);

    [Fact]
    public void Recomputed_activations_and_auto_change_rounding_at_most_and_the_peak_is_in_the_result()
    {
        var (plain, other) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        RunSession.Execute(TestRuns.Config(corpus), plain);
        RunSession.Execute(TestRuns.Config(corpus, "execution.micro_batch_sequences=auto",
            "execution.recompute_activations=true"), other);
        var (expected, result) = (RunResult.Read(plain)!, RunResult.Read(other)!);
        Assert.Equal(expected.RunId, result.RunId);
        Assert.Equal(expected.FinalLoss!.Value, result.FinalLoss!.Value, 1e-4);
        Assert.InRange(result.PeakMemoryBytes!.Value, 50e6, 64e9);
    }

    private RunConfig Config(string asked)
        => TestRuns.Config(corpus, "batch.sequences_per_step=12", $"execution.micro_batch_sequences={asked}");
}
