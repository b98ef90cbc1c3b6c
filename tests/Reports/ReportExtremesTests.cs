using System.Text.Json;
using PretrainBench.Analysis.Tests;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests;

/// <summary>Tables and options at the edge of what a report can be made of.</summary>
public class ReportExtremesTests
{
    [Fact]
    public void Small_and_noisy_grids_give_a_whole_report_whatever_the_fit_makes_of_them()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            // From clean to noise larger than the effects; from two sizes to four.
            double noise = Math.Pow(10, -4 + 3.5 * seed / 5);
            double[] sizes = [.. new[] { 1e5, 3e5, 1e6, 3e6 }.Take(2 + seed % 3)];
            var table = Fixtures.Synthetic(noise, seed, optimizers: 2 + seed % 2, sizes, [10, 20, 40]);
            var input = ReportAnalysis.Run(table, new ReportOptions { Bootstrap = new() { Replicates = 40 } });
            string html = ReportBuilder.Build(input);
            string ours = html.Replace(PlotlyScript.Library, "", StringComparison.Ordinal);
            Assert.True(html.Length < 6e6);
            Assert.DoesNotContain("NaN", ours, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", ours, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", ours, StringComparison.Ordinal);
            var verdict = Verdict.Of(input);
            Assert.All([verdict.Headline, .. verdict.Sentences],
                sentence => Assert.DoesNotContain(Say.None, sentence, StringComparison.Ordinal));
            using var json = JsonDocument.Parse(ReportJson.Write(input));
        }
    }

    [Fact]
    public void Impossible_options_are_one_clear_error()
    {
        var error = Assert.Throws<Core.UserException>(() => ReportAnalysis.Run(
            Fixtures.AdamWMuon(),
            new ReportOptions { Bootstrap = new() { Replicates = 1 }, Fit = new() { HuberDelta = -1 } }));
        Assert.Contains("replicates", error.Message, StringComparison.Ordinal);
        Assert.Contains("Huber", error.Message, StringComparison.Ordinal);
    }
}
