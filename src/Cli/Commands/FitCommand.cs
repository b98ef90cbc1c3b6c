using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench fit</c>.</summary>
internal static class FitCommand
{
    private static readonly TableArguments Table = new();

    private static readonly Option<string[]> LawName = new("--law")
    {
        Description = "The laws: " + string.Join(", ", LawRegistry.All.Select(law => law.Name))
            + "; default per-optimizer, and shared where there are several optimizers",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly SolverArguments Solver = new();

    public static Command Create()
        => Solver.AddTo(Table.AddTo(new Command("fit", "Fit scaling laws to a table of runs")).With(LawName))
            .WithExamples(
                "pretrainbench fit runs/quickstart",
                "pretrainbench fit configs/quickstart.yaml --law shared --solver huber",
                "pretrainbench fit wandb-export.csv --json",
                "pretrainbench fit published.csv --map N=width_params D=seen loss=nll")
            .Runs(context =>
            {
                var laws = context.Get(LawName) is { Length: > 0 } names
                    ? [.. names.Select(LawRegistry.Get)]
                    : LawRegistry.Default;
                var options = Solver.Read(context, laws);
                var table = Table.Read(context);
                // One optimizer has nothing to share exponents with.
                if (laws == LawRegistry.Default && table.Optimizers.Count == 1) laws = [LawRegistry.PerOptimizer];
                var fits = laws.Select(law => Fitter.FitWithoutThin(table, law, options)).ToList();
                context.Print(() => AnalysisJson.Write(fits), string.Join("\n", fits.Select(FitText.Of)));
                return ExitCodes.Done;
            });

    internal static TCommand With<TCommand>(this TCommand command, params Option[] options)
        where TCommand : Command
    {
        foreach (var option in options) command.Add(option);
        return command;
    }
}
