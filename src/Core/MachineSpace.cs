namespace PretrainBench.Core;

/// <summary>What this machine has room for.</summary>
public static class MachineSpace
{
    /// <summary>Memory that this process may use: the machine's, or what a container is limited to.</summary>
    public static long MemoryBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes free on the disk of a folder, which need not exist yet.</summary>
    public static long FreeBytes(string folder)
    {
        var at = Path.GetFullPath(folder);
        while (!Directory.Exists(at)) at = Path.GetDirectoryName(at)!;
        return new DriveInfo(at).AvailableFreeSpace;
    }

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="memoryBytes">About what will be used at once.</param>
    /// <param name="diskBytes">About what will be written.</param>
    /// <param name="folder">Where it is written.</param>
    /// <exception cref="UserException">It does not fit.</exception>
    public static void Require(double memoryBytes, double diskBytes, string folder)
    {
        var problems = new List<string>();
        if (memoryBytes > MemoryBytes)
            problems.Add($"about {Quantity.Bytes(memoryBytes)} of memory are needed, and there are "
                + $"{Quantity.Bytes(MemoryBytes)}: take a smaller model, vocabulary, sequence_length or "
                + "execution.micro_batch_sequences, or fewer workers");
        if (diskBytes > FreeBytes(folder))
            problems.Add($"about {Quantity.Bytes(diskBytes)} of disk are needed, and "
                + $"{Quantity.Bytes(FreeBytes(folder))} are free under {folder}: free some, or choose "
                + "another place with `--folder`");
        if (problems.Count > 0)
            throw new UserException(string.Join("; ", problems) + " (`--force` starts all the same)");
    }
}
