using System.CommandLine;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core;

namespace PretrainBench.Cli.Shell;

/// <summary>The options of commands that fit laws: what is minimised, and against which optimizer.</summary>
internal sealed class SolverArguments
{
    private readonly Option<string> _solver = new("--solver")
    {
        Description = "least-squares (global, of the loss), huber or lad (robust, of the log loss)",
        HelpName = "NAME",
        DefaultValueFactory = _ => "least-squares",
    };

    private readonly Option<double> _delta = new("--delta")
    {
        Description = "Where Huber's loss turns from a square to a line, in log loss",
        HelpName = "VALUE",
        DefaultValueFactory = _ => FitOptions.DefaultHuberDelta,
    };

    private readonly Option<string?> _reference = new("--reference")
    {
        Description = "The optimizer whose rho are 1; default adamw where there is one",
        HelpName = "NAME",
    };

    private readonly Option<string> _weights = new("--weights")
    {
        Description = "none, or variance: runs weigh by how little their losses scatter, by repeats or residuals",
        HelpName = "NAME",
        DefaultValueFactory = _ => "none",
    };

    public TCommand AddTo<TCommand>(TCommand command)
        where TCommand : Command
    {
        command.Add(_solver);
        command.Add(_delta);
        command.Add(_reference);
        command.Add(_weights);
        return command;
    }

    /// <summary>What was asked for.</summary>
    /// <param name="laws">The laws that are fitted.</param>
    /// <exception cref="UserException">No solver has that name, or it or the laws have no use for one.</exception>
    public FitOptions Read(CommandContext context, IEnumerable<Law> laws)
    {
        if (context.IsGiven(_reference) && !laws.Any(law => law.SharesExponents))
            throw new UserException("`--reference` names the optimizer whose rho are 1, and none of these laws has a "
                + "rho: leave it out, or fit a law such as `--law shared`");
        var solver = FitOptions.ParseSolver(context.Get(_solver)!);
        if (solver != SolverKind.Huber && context.IsGiven(_delta))
            throw new UserException("`--delta` is Huber's; give `--solver huber` with it");
        return new()
        {
            Solver = solver,
            HuberDelta = context.Get(_delta),
            Reference = context.Get(_reference),
            Weights = FitOptions.ParseWeights(context.Get(_weights)!),
        };
    }
}
