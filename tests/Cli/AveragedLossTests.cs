using System.Text.Json;

namespace PretrainBench.Cli.Tests;

/// <summary>A table in which the two losses follow laws that differ in their floor.</summary>
[Collection(InThisProcess.Name)]
public sealed class AveragedLossTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-averaged").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Fit_takes_the_loss_of_the_averaged_weights_when_told()
    {
        var table = Path.Combine(_folder, "averaged.csv");
        File.WriteAllLines(table, ["optimizer,n,tokens,loss,averaged_loss,averaged_bits_per_byte", ..
            from n in new[] { 1e6, 2e6, 4e6 }
            from d in new[] { 1e8, 2e8, 4e8 }
            let loss = 1 + 20 * Math.Pow(n, -0.3) + 500 * Math.Pow(d, -0.4)
            select FormattableString.Invariant($"adamw,{n},{d},{loss + 0.5},{loss},{loss / 3}")]);
        double Floor(params string[] options)
        {
            var outcome = Pretrainbench.RunHere(["fit", table, "--json", .. options]);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
            var fit = JsonDocument.Parse(outcome.Output).RootElement[0];
            Assert.Contains(fit.GetProperty("findings").EnumerateArray(), finding
                => finding.GetProperty("message").GetString()!.Contains(
                    options.Length == 0 ? "column loss " : "column averaged_loss ", StringComparison.Ordinal));
            return fit.GetProperty("parameters")[0].GetProperty("E").GetDouble();
        }

        Assert.Equal([1.5, 1], new[] { Floor(), Floor("--loss", "averaged") }.Select(floor => Math.Round(floor, 3)));
    }
}
