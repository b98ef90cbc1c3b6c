using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Comparison;
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

    private static readonly Option<bool> AverageForms = new("--average-forms")
    {
        Description = "Average losses and savings over forms of law too, by Akaike's weights; takes a minute",
    };

    private static readonly SolverArguments Solver = new();

    public static Command Create()
        => Solver.AddTo(Table.AddTo(
        new Command("forecast", "Forecast losses, savings and how far an advantage carries, with intervals")))
            .With(LawName, Sizes, Ratio, Budgets, Over, BeyondRange, AverageForms)
            .WithExamples(
                "pretrainbench forecast runs/quickstart --n 100K,300K",
                "pretrainbench forecast results.csv --flops 1e20 1e21 --over adamw --json")
            .Runs(context =>
            {
                var table = Table.Read(context);
                table.RequireComparable();
                // One optimizer has nothing to share exponents with.
                var law = context.Get(LawName) ?? (table.Optimizers.Count > 1 ? "shared" : "per-optimizer");
                var options = Solver.Read(context, [LawRegistry.Get(law)]);
                var asked = Fitter.FitWithoutThin(table, LawRegistry.Get(law), options);
                var (fit, rejected) = context.IsGiven(LawName) || !asked.Model.Law.SharesExponents
                    ? new FormChoice(asked, null) : FormChoice.Of(table, asked);
                var joined = FormChoice.Joined(table, fit);
                var ratio = context.Get(Ratio);
                var result = new Forecaster(fit, Bootstrap.Run(fit)).Run(new ForecastRequest
                {
                    Points = [.. (context.Get(Sizes) ?? []).Select(n => (n, n * ratio))],
                    Budgets = context.Get(Budgets) ?? [],
                    Over = context.Get(Over),
                    TokensPerParameter = ratio,
                    BeyondRange = context.Get(BeyondRange),
                }, context.Get(AverageForms) ? AveragedForms.Of(table, fit) : null);
                result = result with
                {
                    Findings = [.. new[] { rejected, joined }.OfType<Finding>(), .. result.Findings],
                };
                context.Print(() => AnalysisJson.Write(result), ForecastText.Of(result));
                return ExitCodes.Done;
            });
}
