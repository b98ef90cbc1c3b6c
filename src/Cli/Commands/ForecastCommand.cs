using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench forecast</c>.</summary>
internal static class ForecastCommand
{
    private static readonly TableArguments Table = new();
    private static readonly Option<string?> LawName = new("--law")
    {
        Description = "The law to forecast with; default shared, for one optimizer per-optimizer",
        HelpName = "NAME",
    };
    private static readonly Option<double[]> Sizes = new("--n")
    {
        Description = "Parameters, such as 1e9",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double> Ratio = new("--tokens-per-parameter")
    {
        Description = "Tokens for each parameter",
        HelpName = "RATIO",
        DefaultValueFactory = _ => 20,
    };

    private static readonly Option<double[]> Budgets = new("--flops")
    {
        Description = "Budgets in FLOPs for which the best size and tokens are wanted",
        HelpName = "C",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Over = new("--over")
    {
        Description = "The optimizer that savings are counted against",
        HelpName = "NAME",
    };

    private static readonly Option<bool> BeyondRange = new("--beyond-range")
    {
        Description = $"Forecast optimizers beyond {Forecaster.FarthestBeyond} times their own runs too",
    };

    public static Command Create()
        => Table.AddTo(
        new Command("forecast", "Forecast losses, savings and how far an advantage carries, with intervals"))
            .With(LawName, Sizes, Ratio, Budgets, Over, BeyondRange)
            .WithExamples(
                "pretrainbench forecast runs/quickstart/table.csv --n 1e6 1e7",
                "pretrainbench forecast results.csv --flops 1e20 1e21 --over adamw --json")
            .Runs(context =>
            {
                var table = Table.Read(context);
                // One optimizer has nothing to share exponents with.
                var law = context.Get(LawName) ?? (table.Optimizers.Count > 1 ? "shared" : "per-optimizer");
                var fit = Fitter.Fit(table, LawRegistry.Get(law));
                var ratio = context.Get(Ratio);
                var result = new Forecaster(fit, Bootstrap.Run(fit)).Run(new ForecastRequest
                {
                    Points = [.. (context.Get(Sizes) ?? []).Select(n => (n, n * ratio))],
                    Budgets = context.Get(Budgets) ?? [],
                    Over = context.Get(Over),
                    TokensPerParameter = ratio,
                    BeyondRange = context.Get(BeyondRange),
                });
                context.Print(() => AnalysisJson.Write(result), Text(result));
                return ExitCodes.Done;
            });

    private static string Text(ForecastResult result)
    {
        static string Interval(Estimate value, Func<double, string> show)
            => $"{show(value.Value)} ({show(value.Low)} to {show(value.High)})";
        var needed = $"tokens of {(result.Savings is [var first, ..] ? first.Over : "")}";
        var savings = Tables.Render(["optimizer", "N", "D", needed, "FLOPs saved", "hours saved"],
            [.. result.Savings.Select(row => new[]
            {
                row.Optimizer, Quantity.Count(row.N), Quantity.Count(row.D),
                Interval(row.TokenFactor, factor => $"{factor:0.00}×"),
                Interval(row.FlopsSaved, flops => $"{flops:0.0e0}"),
                row.HoursSaved is { } hours ? Interval(hours, value => $"{value:0.0}") : "",
            })]);
        var losses = Tables.Render(["optimizer", "N", "D", "loss", "low", "high", "beyond its runs"],
            [.. result.Losses.Select(row => new[]
            {
                row.Optimizer, Quantity.Count(row.N), Quantity.Count(row.D), $"{row.Loss.Value:0.0000}",
                $"{row.Loss.Low:0.0000}", $"{row.Loss.High:0.0000}", $"{row.Beyond:0.0}×",
            })]);
        var optima = Tables.Render(["optimizer", "FLOPs", "best N", "best D", "loss"],
            [.. result.Optima.Select(row => new[]
            {
                row.Optimizer, $"{row.C:0.0e0}", Interval(row.N, Quantity.Count), Interval(row.D, Quantity.Count),
                Interval(row.Loss, loss => $"{loss:0.0000}"),
            })]);
        return (result.Savings.Count > 0 ? savings + "\n" : "") + (result.Losses.Count > 0 ? losses + "\n" : "")
            + (result.Optima.Count > 0 ? optima + "\n" : "")
            + string.Concat(result.Advantages.Select(advantage => advantage.Statement + "\n"))
            + string.Concat(result.Findings.Select(finding => FitText.Line(finding) + "\n"));
    }
}
