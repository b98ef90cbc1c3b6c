using System.Diagnostics;
using PretrainBench.Core.Files;

namespace PretrainBench.Faults.Tests;

/// <summary>Two processes race for the same claims, published as workers publish theirs: one must win each.</summary>
internal static class ClaimRaces
{
    /// <summary>Races; how many claims had another number of winners than one.</summary>
    public static int Run(string folder, int races)
    {
        var assembly = typeof(ClaimRaces).Assembly.Location;
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var racers = Enumerable.Range(0, 2).Select(number => Process.Start(
            new ProcessStartInfo(host, ["exec", assembly, "race", folder, $"{number}", $"{races}"])
            {
                RedirectStandardOutput = true,
            })!).ToList();
        // Both at once: a racer whose output nobody reads would wait, and the other for it.
        var won = Task.WhenAll(racers.Select(racer => racer.StandardOutput.ReadToEndAsync())).Result;
        foreach (var racer in racers)
        {
            racer.WaitForExit();
            if (racer.ExitCode != 0) throw new InvalidOperationException("a racer failed");
            racer.Dispose();
        }
        var winners = won.SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .GroupBy(race => race).ToDictionary(race => int.Parse(race.Key), race => race.Count());
        return Enumerable.Range(0, races).Count(race => winners.GetValueOrDefault(race) != 1);
    }

    /// <summary>One racer: prints what it won. Each waits until the other has come as far, so that they meet.</summary>
    public static int Race(string folder, int number, int races)
    {
        using var own = Turn(folder, number);
        using var other = Turn(folder, 1 - number);
        for (var race = 0; race < races; race++)
        {
            own.Write(0, race + 1);
            while (other.ReadInt32(0) < race + 1) Thread.SpinWait(20);
            if (AtomicFile.TryPublishText(Path.Combine(folder, $"{race / 1000}", $"{race}.json"), $"{number}"))
                Console.WriteLine(race);
        }
        own.Write(0, int.MaxValue);
        return 0;
    }

    // A shared page is a faster starting gun than a file.
    private static System.IO.MemoryMappedFiles.MemoryMappedViewAccessor Turn(string folder, int number)
    {
        var path = Path.Combine(folder, $"turn{number}");
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.SetLength(8);
        using var map = System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile(stream, null, 8,
            System.IO.MemoryMappedFiles.MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        return map.CreateViewAccessor();
    }
}
