using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Core.Files;
using PretrainBench.Theory;
using PretrainBench.Theory.Phases;
using PretrainBench.Theory.Quadratics;
using PretrainBench.Theory.RandomFeatures;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench theory</c>: the labs.</summary>
internal static class TheoryCommand
{
    public static Command Create()
        => new Command("theory", "Small laboratories in which scaling laws can be derived and measured")
        {
            Lab<RandomFeaturesConfig>("random-features",
                "Random-feature regression: the exponent in the number of features, by optimizer",
                (config, progress, stop) =>
                {
                    var result = RandomFeaturesLab.Run(config, progress, stop);
                    return (result.Tables(), RandomFeaturesReport.ToHtml(result));
                },
                "pretrainbench theory random-features --out results/random-features"),
            Lab<QuadraticsConfig>("quadratic",
                "Gradient descent on power-law quadratics: predicted against measured exponents",
                (config, progress, stop) =>
                {
                    var result = QuadraticsLab.Run(config, progress, stop);
                    return (result.Tables(), QuadraticsReport.ToHtml(result));
                },
                "pretrainbench theory quadratic",
                "pretrainbench theory quadratic full=true --out results/quadratic"),
            Lab<PhasesConfig>("phases",
                "One-pass SGD on power-law random features: compute-optimal exponents in the 4+3 phases",
                (config, progress, stop) =>
                {
                    var result = PhasesLab.Run(config, progress, stop);
                    return (result.Tables(), PhasesReport.ToHtml(result));
                },
                "pretrainbench theory phases",
                "pretrainbench theory phases --out results/phases"),
        }.WithExamples("pretrainbench theory quadratic");

    private static Command Lab<TConfig>(
        string name, string description,
        Func<TConfig, IProgress<LabProgress>, CancellationToken, (IReadOnlyList<LabTable> Tables, string Html)> run,
        params string[] examples)
        where TConfig : class
    {
        var settings = new Argument<string[]>("key=value")
        {
            Description = "Settings of the lab: " + string.Join(", ", ConfigBinder.KeysOf(typeof(TConfig))),
            Arity = ArgumentArity.ZeroOrMore,
        };
        var file = new Option<string?>("--config") { Description = "A YAML file with settings", HelpName = "FILE" };
        var output = new Option<string?>("--out")
        {
            Description = "Also write each table as CSV and a page with pictures, report.html, into this folder",
            HelpName = "FOLDER",
        };
        return new Command(name, description) { settings, file, output }.WithExamples(examples).RunsOnTorch(context =>
        {
            var mapping = context.Get(file) is { } path ? ConfigFile.Read(path) : new ConfigMapping("arguments");
            var config = context.Bind<TConfig>(settings, $"the configuration of theory {name}", mapping);
            var (tables, html) = ProgressDisplay.Run($"theory {name}",
                screen => run(config, Progress(screen.Report), context.Interruption.Token));
            if (context.Get(output) is { } folder)
            {
                foreach (var table in tables)
                    AtomicFile.WriteText(Path.Combine(folder, table.Name + ".csv"), table.ToCsv());
                AtomicFile.WriteText(Path.Combine(folder, "report.html"), html);
            }
            context.Print(
                tables.ToDictionary(table => table.Name,
                    table => table.Rows.Select(row => table.Columns.Zip(row)
                        .ToDictionary(pair => pair.First, pair => pair.Second))),
                string.Join('\n', tables.Where(table => table.Rows.Count <= MostRowsShown).Select(Render))
                + string.Concat(tables.Where(table => table.Rows.Count > MostRowsShown)
                    .Select(table => $"\n{table.Name}: {table.Rows.Count} rows (--out FOLDER writes them)")));
            return ExitCodes.Done;
        });
    }

    private const int MostRowsShown = 60;

    private static Reporter<LabProgress> Progress(Action<ProgressUpdate> report)
        => new(progress => report(new ProgressUpdate(progress.Completed, progress.Total, progress.Stage)));

    private static string Render(LabTable table)
        => $"{table.Name}\n" + Tables.Render(table.Columns, [.. table.Rows.Select(row => row.Select(Cell).ToList())]);

    private static string Cell(object? cell) => cell switch
    {
        null => "",
        double number => number.Rounded(5),
        _ => cell.ToString() ?? "",
    };
}
