using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Laws;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench compare</c>.</summary>
internal static class CompareCommand
{
    private const int MostNamed = 5;

    private static readonly TableArguments Table = new();

    private static readonly Option<string[]> LawNames = new("--law")
    {
        Description = "The laws to compare; default " + string.Join(", ", ComparisonOptions.DefaultLaws),
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly SolverArguments Solver = new();

    public static Command Create()
        => Solver.AddTo(Table.AddTo(new Command("compare",
            "Compare laws on runs that they have not seen; optimizers and grids are compared by `report`"))
            .With(LawNames))
            .WithExamples(
                "pretrainbench compare runs/quickstart",
                "pretrainbench compare runs/quickstart --law per-optimizer,shared --solver huber --json")
            .Runs(context =>
            {
                var laws = context.Get(LawNames) is { Length: > 0 } names ? names : ComparisonOptions.DefaultLaws;
                var options = new ComparisonOptions
                {
                    Laws = laws,
                    Fit = Solver.Read(context, laws.Select(LawRegistry.Get)),
                };
                var table = Table.Read(context);
                table.RequireComparable();
                var result = LawComparison.Compare(table, options);
                context.Print(() => AnalysisJson.Write(result), Text(result));
                return ExitCodes.Done;
            });

    private static string Text(ComparisonResult result)
        => "relative error of the loss, mean over runs\n" + Errors(result, error => error.MeanRelativeError.Percent(2))
            + "\nsquared error of the loss, mean over runs\n"
            + Errors(result, error => error.MeanSquaredError.Rounded(3))
            + Untested(result) + Skipped(result) + "\n" + string.Join("\n", result.Verdict) + "\n"
            + string.Concat(result.LeftOut.Concat(result.Findings).Select(finding => FitText.Line(finding) + "\n"));

    // The columns that no law has an error in.
    private static string Untested(ComparisonResult result)
        => LawComparison.Protocols.Except(result.Protocols).Select(protocol => protocol.Words()).ToList() is
        { Count: > 0 } none
            ? $"not tested: {string.Join(", ", none)}; what is left then determines none of the laws\n" : "";

    // A fold that is missing may be the hardest.
    private static string Skipped(ComparisonResult result) => string.Concat(
        from protocol in result.Protocols
        let skipped = result.Laws.SelectMany(law => law[protocol].Skipped).Distinct().ToList()
        where skipped.Count > 0
        select $"{protocol.Words()}: not tested on {string.Join(", ", skipped.Take(MostNamed))}"
            + (skipped.Count > MostNamed ? $" and {skipped.Count - MostNamed} more" : "")
            + ", without which the rest does not determine every law\n");

    private static string Errors(ComparisonResult result, Func<PredictionError, string> show)
        => Tables.Render(["law", "parameters", "AICc", .. result.Protocols.Select(p => p.Words())],
            [.. result.Laws.Select(law => (IReadOnlyList<string>)
            [
                law.Law, law.FreeParameters.ToString(), law.Aicc.Fixed(1),
                .. result.Protocols.Select(protocol => law[protocol].Pooled is { } error ? show(error) : ""),
            ])]);
}
