using System.Text;
using PretrainBench.Tests;

namespace PretrainBench.Cli.Tests;

/// <summary>Tables that cannot be used, or only in part, through every command that reads tables.</summary>
[Collection(InThisProcess.Name)]
public sealed class GarbageTests : IDisposable
{
    private const string Header = "optimizer,n,tokens,loss\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-garbage").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Tables_that_cannot_be_used_are_answered_as_approved()
    {
        (string Name, string Content)[] tables =
        [
            ("empty", ""), ("header-only", Header), ("nan", Rows(["adamw", "muon"], [1e6, 2e6, 4e6], loss: "NaN")),
            ("text", Rows(["adamw"], [1e6, 2e6], loss: "low")),
            ("zero", Rows(["adamw"], [0, 0], loss: "3")), ("negative", Rows(["adamw"], [-1e6, -2e6], loss: "3")),
            ("infinite", Rows(["adamw"], [1e6, 2e6], loss: "inf")),
            ("no-loss", "optimizer,n,tokens\nadamw,1,2\n"), ("no-size", "optimizer,tokens,loss\nadamw,1,2\n"),
            ("binary", "PK\u0003\u0004\0\0\0"),
            ("few", Rows(["adamw", "muon"], [1e6, 2e6], ratios: [10])),
        ];
        var text = new StringBuilder();
        foreach (var (name, content) in tables)
        {
            var path = Path.Combine(_folder, name + ".csv");
            File.WriteAllText(path, content);
            foreach (string command in (string[])["fit", "compare", "forecast"])
            {
                var outcome = Pretrainbench.RunHere(command, path);
                Assert.Equal(2, outcome.ExitCode);
                Assert.Empty(outcome.Output);
                Check(outcome);
                text.Append($"$ pretrainbench {command} {name}.csv\n{outcome.Error}-> {outcome.ExitCode}\n\n");
            }
        }
        Approval.Check("garbage",
            text.ToString().Replace(_folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("NaN", "not_a_number")]
    [InlineData("low", "not_a_number")]
    [InlineData("0", "not_positive")]
    [InlineData("-3", "not_positive")]
    [InlineData("", "missing")]
    public void Single_bad_rows_are_left_out_visibly_and_change_no_number(string loss, string code)
    {
        var good = Write("good", Rows(["adamw", "muon"], [1e6, 2e6, 4e6]));
        var bad = Write("bad", Rows(["adamw", "muon"], [1e6, 2e6, 4e6]) + $"muon,8e6,8e7,{loss}\n");
        var (clean, dirty) = (Pretrainbench.RunHere("fit", good, "--law", "shared"),
            Pretrainbench.RunHere("fit", bad, "--law", "shared"));
        Assert.Equal((0, 0), (clean.ExitCode, dirty.ExitCode));
        Assert.Equal(Table(clean), Table(dirty));
        Assert.Contains("1 of 25 rows was left out", dirty.Output, StringComparison.Ordinal);
        Assert.Contains(code, dirty.Output, StringComparison.Ordinal);

        static string Table(Pretrainbench.Outcome outcome) => outcome.Output.Split("runs, ")[0];
    }

    [Fact]
    public void One_size_determines_no_law_in_sizes_and_nothing_is_claimed_of_what_is_left()
    {
        var path = Write("one-size", Rows(["adamw", "muon"], [1e6]));
        foreach (string command in (string[])["fit", "forecast"])
        {
            var refused = Pretrainbench.RunHere(command, path, "--law", "shared");
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("at least 3 different sizes N", refused.Error, StringComparison.Ordinal);
        }
        var compared = Pretrainbench.RunHere("compare", path);
        Assert.Equal(0, compared.ExitCode);
        Assert.Contains("kaplan is the only law that these runs determine: there is nothing to compare its error with.",
            compared.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_optimizer_is_fitted_and_reported_but_not_compared()
    {
        var path = Write("one", Rows(["muon"], [1e6, 2e6, 4e6]));
        var outcome = Pretrainbench.RunHere("compare", path);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("note: Law 'shared'", outcome.Output, StringComparison.Ordinal);
        var report = Pretrainbench.RunHere("report", path, "--out", Path.Combine(_folder, "report.html"));
        Assert.Equal(0, report.ExitCode);
        Assert.StartsWith("The table has one optimizer, muon: there is nothing to compare it with.", report.Output,
            StringComparison.Ordinal);
        var shared = Pretrainbench.RunHere("fit", path, "--law", "shared");
        Assert.Equal(2, shared.ExitCode);
        Check(shared);
    }

    [Fact]
    public void A_hundred_thousand_rows_are_fitted()
    {
        double[] ratios = [.. Enumerable.Range(0, 10_000).Select(i => 10 + 0.01 * i)];
        var outcome = Pretrainbench.RunHere("fit",
            Write("large", Rows(["adamw", "muon"], [1e6, 2e6, 4e6, 8e6, 16e6], ratios)), "--law", "shared");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("100000 runs", outcome.Output, StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name + ".csv");
        File.WriteAllText(path, content);
        return path;
    }

    private static void Check(Pretrainbench.Outcome outcome)
    {
        Assert.StartsWith("pretrainbench: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>Losses of a law with rho_D = 1.4 for every optimizer but the first, with a small wave in place of
    /// noise.</summary>
    private static string Rows(string[] optimizers, double[] sizes, double[]? ratios = null, string? loss = null)
    {
        var text = new StringBuilder(Header);
        int i = 0;
        foreach (var optimizer in optimizers)
            foreach (double n in sizes)
                foreach (double ratio in ratios ?? [10, 20, 40, 80])
                {
                    double d = ratio * n, value = 1.8 + 480 * Math.Pow(n, -0.35)
                        + 2100 * Math.Pow((optimizer == optimizers[0] ? 1 : 1.4) * d, -0.366);
                    text.Append($"{optimizer},{n},{d},{loss ?? $"{value + 1e-3 * Math.Sin(++i):R}"}\n");
                }
        return text.ToString();
    }
}
