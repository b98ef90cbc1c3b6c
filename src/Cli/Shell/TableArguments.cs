using System.CommandLine;
using PretrainBench.Analysis.Tables;
using PretrainBench.Grids;
using PretrainBench.Studies;

namespace PretrainBench.Cli.Shell;

/// <summary>The arguments of commands that read runs: tables and grids.</summary>
internal sealed class TableArguments
{
    private readonly Argument<string[]> _files = new("RESULTS")
    {
        Description = "A grid's folder or grid file, or tables of runs: CSV or Parquet with named columns, such as "
            + "exports of W&B and MLflow (docs/tables.md)",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _map = new("--map")
    {
        Description = "Which column holds what, such as N=total_params D=train_tokens",
        HelpName = "QUANTITY=COLUMN",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _loss = new Option<string>("--loss")
    {
        Description = "The last weights' loss, or the averaged weights' of runs with `averaging`; default last",
        HelpName = "WEIGHTS",
    }.AcceptOnlyFromAmong("last", "averaged");

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
        command.Add(_loss);
        command.Add(_optimizers);
        command.Add(_best);
        return command;
    }

    /// <summary>Reads the tables and grids.</summary>
    /// <exception cref="Core.UserException">A file, column or grid is missing, or no row can be used.</exception>
    public RunTable Read(CommandContext context)
    {
        string[] loss = context.Get(_loss) == "averaged"
            ? ["loss=averaged_loss", "bits_per_byte=averaged_bits_per_byte"] : [];
        var mapping = ColumnMapping.Parse([.. loss, .. context.Get(_map) ?? []]);
        var table = RunResults.Read(context.Get(_files), mapping)
            .Select(context.Get(_optimizers) ?? []);
        return context.Get(_best) ? table.BestPerCell() : table;
    }

    /// <summary>The grid that the results are of; null where they are a table or several.</summary>
    public GridFolder? Grid(CommandContext context)
        => context.Get(_files) is [var only] ? RunResults.GridAt(only) : null;
}
