using System.CommandLine;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench bench</c>: how fast this machine and this build are.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure speed") { BenchTrainCommand.Create() };
}
