using System.Reflection;
using System.Runtime.InteropServices;
using PretrainBench.Core;

namespace PretrainBench.Cli.Doctor;

/// <summary>Looks at the machine and the build.</summary>
internal static class Examination
{
    // A checkpoint of the largest model of the CPU ladder with its optimizer state, a corpus and its tokens, with room
    // to spare.
    private const long LeastFreeBytes = 1_000_000_000;

    /// <summary>Everything found, in the order in which it is shown.</summary>
    /// <param name="folder">The folder whose disk is looked at.</param>
    public static IReadOnlyList<Observation> Of(string folder)
    {
        var observations = new List<Observation>
        {
            Text("version", "pretrainbench", Version()),
            Text("runtime", ".NET", RuntimeInformation.FrameworkDescription),
            Text("system", "system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
            Text("processor", "processor", Processor()),
            new("cores", "cores", Environment.ProcessorCount, Environment.ProcessorCount.ToString()),
            Memory(),
            Disk(folder),
        };
        observations.AddRange(TorchExamination.Run());
        return observations;
    }

    private static Observation Text(string key, string label, string value) => new(key, label, value, value);

    internal static string Version()
        => typeof(Examination).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "unknown";

    private static string Processor()
    {
        const string Key = "model name";
        if (!File.Exists("/proc/cpuinfo")) return RuntimeInformation.ProcessArchitecture.ToString();
        var line = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal));
        return line is null
            ? RuntimeInformation.ProcessArchitecture.ToString()
            : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static Observation Memory()
    {
        var bytes = MachineSpace.MemoryBytes;
        return new Observation("memory_bytes", "memory", bytes, Quantity.Bytes(bytes));
    }

    private static Observation Disk(string folder)
    {
        var free = MachineSpace.FreeBytes(folder);
        var problem = free < LeastFreeBytes
            ? $"only {Quantity.Bytes(free)} are free under {folder}: runs and checkpoints need "
                + $"about {Quantity.Bytes(LeastFreeBytes)}" : null;
        return new Observation("disk_free_bytes", "disk free here", free, Quantity.Bytes(free), problem);
    }
}

/// <summary>One line of the examination.</summary>
/// <param name="Key">The name in JSON.</param>
/// <param name="Label">The name for people.</param>
/// <param name="Text">The value for people.</param>
/// <param name="Problem">What to do, when something needs doing; else null.</param>
internal sealed record Observation(string Key, string Label, object Value, string Text, string? Problem = null);
