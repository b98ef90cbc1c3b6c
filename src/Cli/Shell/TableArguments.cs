using System.CommandLine;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Cli.Shell;

/// <summary>The arguments of commands that read tables of runs.</summary>
internal sealed class TableArguments
{
    private readonly Argument<string[]> _files = new("RESULTS")
    {
        Description = "CSV or Parquet tables of runs: grid collect's, or any with named columns (docs/tables.md)",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _map = new("--map")
    {
        Description = "Which column holds what, such as N=total_params D=train_tokens",
        HelpName = "QUANTITY=COLUMN",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _optimizers = new("--optimizers")
    {
        Description = "Only these optimizers",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _best = new("--best-per-cell")
    {
        Description = "Only the lowest loss of each optimizer, cell and seed: a table of whole sweeps",
    };

    /// <summary>Adds the arguments to a command.</summary>
    public TCommand AddTo<TCommand>(TCommand command)
        where TCommand : Command
    {
        command.Add(_files);
        command.Add(_map);
        command.Add(_optimizers);
        command.Add(_best);
        return command;
    }

    /// <summary>Reads the tables.</summary>
    /// <exception cref="Core.UserException">A file or column is missing, or no row can be used.</exception>
    public RunTable Read(CommandContext context)
    {
        var table = RunTableReader.Read(context.Get(_files), ColumnMapping.Parse(context.Get(_map) ?? []))
            .Select(context.Get(_optimizers) ?? []);
        return context.Get(_best) ? table.BestPerCell() : table;
    }
}
