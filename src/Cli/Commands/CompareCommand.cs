using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench compare</c>.</summary>
internal static class CompareCommand
{
    private static readonly TableArguments Table = new();

    private static readonly Option<string[]> LawNames = new("--law")
    {
        Description = "The laws to compare; default " + string.Join(", ", ComparisonOptions.DefaultLaws),
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> Solver = new("--solver")
    {
        Description = "least-squares, huber or lad",
        HelpName = "NAME",
        DefaultValueFactory = _ => "least-squares",
    };

    public static Command Create()
        => Table.AddTo(new Command("compare", "Compare laws on runs that they have not seen"))
            .With(LawNames, Solver)
            .WithExamples(
                "pretrainbench compare runs/quickstart/table.csv",
                "pretrainbench compare runs/quickstart/table.csv --law per-optimizer shared --solver huber --json")
            .Runs(context =>
            {
                var options = new ComparisonOptions
                {
                    Laws = context.Get(LawNames) is { Length: > 0 } names ? names : ComparisonOptions.DefaultLaws,
                    Fit = new FitOptions { Solver = FitOptions.ParseSolver(context.Get(Solver)!) },
                };
                var result = LawComparison.Compare(Table.Read(context), options);
                context.Print(() => AnalysisJson.Write(result), Text(result));
                return ExitCodes.Done;
            });

    private static string Text(ComparisonResult result)
    {
        var rows = result.Laws.Select(law => (IReadOnlyList<string>)
        [
            law.Law, law.FreeParameters.ToString(), $"{law.Aicc:0.0}",
            .. LawComparison.Protocols.Select(protocol => law[protocol].Pooled is { } error ? $"{error.MeanRelativeError:P2}" : ""),
        ]).ToList();
        return "mean relative error of the loss, in sample and held out\n"
            + Tables.Render(["law", "parameters", "AICc", .. LawComparison.Protocols.Select(protocol => protocol.ToString())], rows)
            + "\n" + string.Join("\n", result.Verdict) + "\n"
            + string.Concat(result.LeftOut.Concat(result.Findings).Select(finding => FitText.Line(finding) + "\n"));
    }
}
