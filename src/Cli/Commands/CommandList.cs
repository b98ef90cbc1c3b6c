using System.CommandLine;

namespace PretrainBench.Cli.Commands;

/// <summary>The commands, in the order in which the help shows them.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> All()
    {
        yield return QuickstartCommand.Create();
        yield return DoctorCommand.Create();
        yield return DataCommand.Create();
        yield return TokenizerCommand.Create();
        yield return TrainCommand.Create();
        yield return OptimizersCommand.Create();
        yield return BenchCommand.Create();
        yield return GridCommand.Create();
        yield return SchemaCommand.Create();
        yield return EvalCommand.Create();
        yield return ExportCommand.Create();
        yield return ImportCommand.Create();
        yield return FitCommand.Create();
        yield return CompareCommand.Create();
        yield return ForecastCommand.Create();
        yield return DesignCommand.Create();
        yield return ReportCommand.Create();
        yield return TheoryCommand.Create();
    }
}
