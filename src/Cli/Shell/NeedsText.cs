using PretrainBench.Core;

namespace PretrainBench.Cli.Shell;

/// <summary>What will be taken of the machine, in words.</summary>
internal static class NeedsText
{
    public static string Of(double memoryBytes, double diskBytes, string folder)
        => $"{Quantity.Bytes(memoryBytes)} of {Quantity.Bytes(MachineSpace.MemoryBytes)} memory, "
            + $"{Quantity.Bytes(diskBytes)} of {Quantity.Bytes(MachineSpace.FreeBytes(folder))} free disk";

    public static void Warn(CommandContext context, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings) context.Error.WriteLine($"warning: {warning}");
    }
}
