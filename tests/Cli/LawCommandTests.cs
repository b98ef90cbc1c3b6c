using System.Text.Json;

namespace PretrainBench.Cli.Tests;

/// <summary>The commands on laws, from a real table (Wen et al., arXiv 2509.02046) to numbers that are known.</summary>
[Collection(InThisProcess.Name)]
public sealed class LawCommandTests : IDisposable
{
    private static readonly string[] Published =
        [Path.Combine(AppContext.BaseDirectory, "Data", "optimizer_losses_adamw_muon.csv"), "--map", "loss=c4_en_loss",
            "size=model"];

    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-laws").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static string Run(string command, params string[] options)
    {
        var outcome = Pretrainbench.RunHere([command, .. Published, .. options]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome.Output;
    }

    private static JsonElement Of(JsonElement list, string optimizer)
        => list.EnumerateArray().First(item => item.GetProperty("optimizer").GetString() == optimizer);

    [Fact]
    public void Fit_prints_the_known_parameters_for_people_and_for_scripts()
    {
        Assert.Contains("muon         18  1.77  24.44  0.1645  210.4  0.2679  0.845  1.727",
            Run("fit", "--law", "shared"), StringComparison.Ordinal);
        var fits = Json(Run("fit", "--json"));
        Assert.Equal(["per-optimizer", "shared"],
            fits.EnumerateArray().Select(fit => fit.GetProperty("law").GetString()));
        Assert.Equal(1.727, Of(fits[1].GetProperty("parameters"), "muon").GetProperty("rhoD").GetDouble(), 5e-4);
    }

    [Fact]
    public void Compare_holds_out_the_largest_size_and_says_what_follows()
    {
        var text = Run("compare", "--law", "per-optimizer", "shared");
        Assert.Contains("6.47e-5", text, StringComparison.Ordinal);
        Assert.Contains("Sharing exponents more than halves the error of separate fits: 6.5e-5 against 2.1e-4", text,
            StringComparison.Ordinal);
        var result = Json(Run("compare", "--law", "per-optimizer", "shared", "--solver", "huber", "--json"));
        var difference = result.GetProperty("differences").EnumerateArray()
            .Single(d => d.GetProperty("protocol").GetString() == "largest");
        Assert.Equal(1.43e-4, difference.GetProperty("mean_squared_error").GetDouble(), 1.5e-6);
        Assert.Equal(8.49e-5, difference.GetProperty("other_mean_squared_error").GetDouble(), 1e-6);
    }

    [Fact]
    public void Forecast_follows_the_fitted_law_and_warns_beyond_the_data()
    {
        var own = Of(Json(Run("fit", "--law", "shared", "--json"))[0].GetProperty("parameters"), "muon");
        double Value(string name) => own.GetProperty(name).GetDouble();
        var result = Json(Run("forecast", "--n", "2e9", "--tokens-per-parameter", "40", "--flops", "1e22",
            "--beyond-range", "--json"));
        var forecast = Of(result.GetProperty("losses"), "muon");
        double expected = Value("E") + Value("A") * Math.Pow(Value("rhoN") * 2e9, -Value("alpha"))
            + Value("B") * Math.Pow(Value("rhoD") * 8e10, -Value("beta"));
        var loss = forecast.GetProperty("loss");
        Assert.Equal(expected, loss.GetProperty("value").GetDouble(), 1e-9);
        Assert.InRange(expected, loss.GetProperty("low").GetDouble(), loss.GetProperty("high").GetDouble());
        Assert.InRange(forecast.GetProperty("beyond").GetDouble(), 1.6, 1.7);
        Assert.Contains(result.GetProperty("findings").EnumerateArray(),
            finding => finding.GetProperty("code").GetString() == "extrapolation");
        var optimum = Of(result.GetProperty("optima"), "muon");
        double n = optimum.GetProperty("N").GetProperty("value").GetDouble(),
            d = optimum.GetProperty("D").GetProperty("value").GetDouble();
        Assert.Equal(1e22, 6 * n * d, 1e13);
        Assert.True(result.GetProperty("savings")[0].GetProperty("token_factor").GetProperty("value").GetDouble() > 1);
    }

    [Fact]
    public void Report_writes_a_page_and_its_numbers()
    {
        var page = Path.Combine(_folder, "deep", "report.html");
        Assert.StartsWith("Muon needs", Run("report", "--out", page), StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(page), StringComparison.OrdinalIgnoreCase);
        var report = Json(File.ReadAllText(Path.ChangeExtension(page, ".json"))).GetProperty("report");
        Assert.Equal(0.845,
            Of(report.GetProperty("shared").GetProperty("parameters"), "muon").GetProperty("rhoN").GetDouble(), 5e-4);
        Assert.Equal(JsonValueKind.Null, report.GetProperty("settings").ValueKind);
    }

    [Fact]
    public void Report_replaces_neither_its_own_input_nor_a_folder_nor_a_device()
    {
        var table = Path.Combine(_folder, "table.csv");
        File.Copy(Published[0], table);
        var before = File.ReadAllBytes(table);
        foreach (var place in new[] { table, _folder, "/dev/null", Path.Combine(_folder, "page.json") })
        {
            var outcome = Pretrainbench.RunHere(["report", table, .. Published[1..], "--out", place]);
            Assert.Equal(2, outcome.ExitCode);
            Assert.StartsWith($"pretrainbench: {place}: ", outcome.Error, StringComparison.Ordinal);
        }
        Assert.Equal(before, File.ReadAllBytes(table));
        Assert.Equal([table], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void The_page_goes_beside_the_table_unless_told_otherwise()
    {
        var table = Path.Combine(_folder, "table.csv");
        File.Copy(Published[0], table);
        var outcome = Pretrainbench.RunHere(["report", table, .. Published[1..]]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.True(File.Exists(Path.Combine(_folder, "table-report.html")) && File.Exists(Path.Combine(_folder,
            "table-report.json")), outcome.Output);
    }

    [Fact]
    public void Ways_of_holding_out_that_test_no_law_have_no_column_and_a_reason()
    {
        var table = Path.Combine(_folder, "three-sizes.csv");
        var lines = File.ReadAllLines(Published[0]);
        File.WriteAllLines(table, lines.Where(line => !line.Contains("1.2b", StringComparison.Ordinal)));
        var outcome = Pretrainbench.RunHere(["compare", table, .. Published[1..], "--law", "shared"]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("not tested: size held out", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("largest size", outcome.Output.Split("not tested")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_thin_optimizer_is_set_aside_with_a_finding_by_every_command()
    {
        var table = Path.Combine(_folder, "thin.csv");
        File.WriteAllText(table, File.ReadAllText(Published[0]).TrimEnd() + "\n");
        var lines = File.ReadAllLines(table);
        File.AppendAllText(table, lines[^1].Replace("muon", "lion", StringComparison.Ordinal) + "\n");
        foreach (var command in new[] { "fit", "compare", "forecast" })
        {
            var outcome = Pretrainbench.RunHere([command, table, .. Published[1..]]);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
            Assert.Contains("lion set aside: too few runs for the", outcome.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sizes_take_units_and_lists_take_commas()
    {
        var plain = Run("forecast", "--n", "1000000000", "500000000", "--optimizers", "adamw", "muon", "--json");
        Assert.Equal(plain, Run("forecast", "--n", "1B,500M", "--optimizers", "adamw,muon", "--json"));
        Assert.Equal(Run("fit", "--law", "shared", "per-optimizer"), Run("fit", "--law", "shared,per-optimizer"));
    }

    [Fact]
    public void One_law_that_was_asked_for_is_not_called_the_only_one_there_could_be()
    {
        var text = Run("compare", "--law", "shared");
        Assert.Contains("no other law was asked for.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("only law that these runs determine", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8,2e9,3", "adamw")]
    [InlineData("1e8,2e19,4.5", "adamw")]
    [InlineData("1e19,2e9,0.01", "muon")]
    public void Nothing_that_is_no_number_and_no_number_of_hundred_digits_is_printed(string values, string optimizer)
    {
        var table = Path.Combine(_folder, "odd.csv");
        var lines = new List<string> { "optimizer,n,tokens,loss" };
        foreach (var name in new[] { "adamw", "muon" })
            foreach (var n in new[] { 1e6, 2e6, 4e6 })
                foreach (var ratio in new[] { 10, 20, 40 })
                    lines.Add($"{name},{n},{ratio * n},3.{lines.Count % 7}");
        File.WriteAllLines(table, [.. lines, $"{optimizer},{values}"]);
        foreach (var command in new[] { "fit", "compare", "forecast" })
        {
            string[] json = ["--json"];
            foreach (var more in new[] { [], json })
            {
                string[] forecast = command == "forecast" ? ["--n", "1e9", "--flops", "1e18", "--beyond-range"] : [];
                var outcome = Pretrainbench.RunHere([command, table, .. forecast, .. more]);
                Assert.True(outcome.ExitCode is 0 or 2, outcome.Error);
                Assert.DoesNotMatch("NaN|Infinity|∞|[0-9]{20}", more.Length == 0 ? outcome.Output : "");
                if (more.Length > 0 && outcome.ExitCode == 0) Json(outcome.Output);
            }
        }
    }

    private string Write(string name, string header, Func<string, double, double, int, string> row,
        params string[] optimizers)
    {
        var lines = from optimizer in optimizers
                    from n in new[] { 2e7, 4e7, 8e7, 16e7 }
                    from ratio in new[] { 10.0, 20, 40, 80 }
                    let d = n * ratio * (optimizer == "muon" ? 1.3 : 1)
                    select row(optimizer, n, ratio, (int)Math.Round(
                        1e5 * (1.8 + 480 * Math.Pow(n, -.35) + 2100 * Math.Pow(d, -.37) + 1e-3 * Math.Sin(n + d))));
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, lines.Prepend(header));
        return path;
    }

    [Theory]
    [InlineData("forecast")]
    [InlineData("compare")]
    public void Losses_that_mean_nothing_beside_each_other_are_not_compared(string command)
    {
        var mixed = Write("mixed.csv", "optimizer,N,D,loss,data_hash", (optimizer, n, ratio, loss)
            => $"{optimizer},{n},{n * ratio},{loss / 1e5},{(optimizer == "muon" ? "aaaa" : "bbbb")}", "adamw", "muon");
        var outcome = Pretrainbench.RunHere([command, mixed]);
        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("cannot be compared", outcome.Error, StringComparison.Ordinal);
        var report = Pretrainbench.RunHere(["report", mixed, "--out", Path.Combine(_folder, "mixed.html"), "--json"]);
        Assert.Equal(0, report.ExitCode);
        var written = Json(File.ReadAllText(Path.Combine(_folder, "mixed.json"))).GetProperty("report");
        Assert.Equal((0, 0), (written.GetProperty("advantages").GetArrayLength(),
            written.GetProperty("cells").GetArrayLength()));
    }

    [Fact]
    public void One_optimizer_alone_is_fitted_by_its_own_law()
    {
        var alone = Write("alone.csv", "optimizer,N,D,loss",
            (optimizer, n, ratio, loss) => $"{optimizer},{n},{n * ratio},{loss / 1e5}", "muon");
        var fit = Assert.Single(Json(Pretrainbench.RunHere(["fit", alone, "--json"]).Output).EnumerateArray());
        Assert.Equal("per-optimizer", fit.GetProperty("law").GetString());
    }

    [Fact]
    public void Rows_left_out_and_a_missing_law_are_said_on_the_first_screen()
    {
        var small = Write("small.csv", "optimizer,N,D,loss,status", (optimizer, n, ratio, loss) =>
            $"{optimizer},{n},{n * ratio},{loss / 1e5},{(n > 4e7 ? "crashed" : "done")}", "adamw", "muon");
        var screen = Pretrainbench.RunHere(["report", small, "--out", Path.Combine(_folder, "small.html")]).Output;
        Assert.Contains("16 rows were left out: 16 crashed", screen, StringComparison.Ordinal);
        Assert.Contains("at least 3 different sizes", screen, StringComparison.Ordinal);
    }
}
