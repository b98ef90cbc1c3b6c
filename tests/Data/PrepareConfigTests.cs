namespace PretrainBench.Data.Tests;

public class PrepareConfigTests
{
    [Fact]
    public void Impossible_settings_are_reported_all_at_once()
    {
        var message = Problems(new() { ValidationFraction = 0, VocabularySize = 3, TextField = "" });
        Assert.Contains("validation_fraction", message, StringComparison.Ordinal);
        Assert.Contains("vocabulary_size", message, StringComparison.Ordinal);
        Assert.Contains("text_field", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_excludes_each_other_is_told()
    {
        var message = Problems(new()
        {
            ValidationFraction = 0.1,
            Validation = ["val.txt"],
            VocabularySize = 300,
            Tokenizer = "tokens",
        });
        Assert.Contains("validation_fraction: `validation` names", message, StringComparison.Ordinal);
        Assert.Contains("leave it or `tokenizer` out", message, StringComparison.Ordinal);
    }

    private static string Problems(PrepareConfig config)
    {
        using var folder = new TemporaryFolder();
        return Assert.Throws<UserException>(() => DataPreparation.Prepare(config, folder["out"])).Message;
    }
}
