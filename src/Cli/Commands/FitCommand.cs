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
        Description = "The laws: " + string.Join(", ", LawRegistry.All.Select(law => law.Name)) + "; default per-optimizer and shared",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> Solver = new("--solver")
    {
        Description = "least-squares (global, of the loss), huber or lad (robust, of the log loss)",
        HelpName = "NAME",
        DefaultValueFactory = _ => "least-squares",
    };

    private static readonly Option<double> Delta = new("--delta")
    {
        Description = "Where Huber's loss turns from a square to a line, in log loss",
        HelpName = "VALUE",
        DefaultValueFactory = _ => FitOptions.DefaultHuberDelta,
    };

    private static readonly Option<string?> Reference = new("--reference")
    {
        Description = "The optimizer whose rho are 1; default adamw where there is one",
        HelpName = "NAME",
    };

    public static Command Create()
        => Table.AddTo(new Command("fit", "Fit scaling laws to a table of runs"))
            .With(LawName, Solver, Delta, Reference)
            .WithExamples(
                "pretrainbench fit runs/quickstart/table.csv",
                "pretrainbench fit runs/quickstart/table.csv --law shared --solver huber",
                "pretrainbench fit published.csv --map N=params D=train_tokens loss=final_loss --json")
            .Runs(context =>
            {
                var table = Table.Read(context);
                var options = new FitOptions
                {
                    Solver = FitOptions.ParseSolver(context.Get(Solver)!),
                    HuberDelta = context.Get(Delta),
                    Reference = context.Get(Reference),
                };
                var names = context.Get(LawName) is { Length: > 0 } given ? given : FitText.BothLaws;
                var fits = names.Select(name => Fitter.Fit(table, LawRegistry.Get(name), options)).ToList();
                context.Print(() => AnalysisJson.Write(fits), string.Join("\n", fits.Select(FitText.Of)));
                return ExitCodes.Done;
            });

    /// <summary>Adds options to a command.</summary>
    internal static TCommand With<TCommand>(this TCommand command, params Option[] options)
        where TCommand : Command
    {
        foreach (var option in options) command.Add(option);
        return command;
    }
}
