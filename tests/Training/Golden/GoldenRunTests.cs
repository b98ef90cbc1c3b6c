using System.Text.Json;
using PretrainBench.Models;

namespace PretrainBench.Training.Tests.Golden;

/// <summary>
/// A change of the model's code that is not meant to change the model leaves the losses of twenty steps alone. A change
/// that is meant to writes golden-losses.json anew (<c>dotnet exec PretrainBench.Training.Tests.dll golden</c>) and
/// says why.
/// </summary>
public class GoldenRunTests
{
    private static readonly Dictionary<string, double[]> Recorded =
        JsonSerializer.Deserialize<Dictionary<string, double[]>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "golden-losses.json")))!;

    // In bf16 another order of a sum is another rounding, of one part in 256.
    [Theory]
    [InlineData(ModelFamily.Olmo2, Precision.Fp32, 1e-5)]
    [InlineData(ModelFamily.Llama, Precision.Fp32, 1e-5)]
    [InlineData(ModelFamily.Olmo2, Precision.Bf16Linears, 2e-3)]
    [InlineData(ModelFamily.Llama, Precision.Bf16Linears, 2e-3)]
    public void Twenty_steps_have_the_recorded_losses(ModelFamily family, Precision precision, double tolerance)
    {
        var (recorded, losses) = (Recorded[Key(family, precision)], GoldenRun.Losses(family, precision));
        Assert.Equal(GoldenRun.Steps, recorded.Length);
        Assert.All(recorded.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        Assert.True(recorded[^1] < recorded[0] - 0.3, "a run that learns nothing holds nothing");
    }

    /// <summary>What golden-losses.json is to hold, by today's code.</summary>
    internal static string Record()
    {
        var runs = from family in Enum.GetValues<ModelFamily>()
                   from precision in Enum.GetValues<Precision>()
                   let losses = GoldenRun.Losses(family, precision).Select(loss => $"{loss:F7}")
                   select $"  \"{Key(family, precision)}\": [{string.Join(", ", losses)}]";
        return $"{{\n{string.Join(",\n", runs)}\n}}";
    }

    private static string Key(ModelFamily family, Precision precision) => $"{family} {precision}";
}
