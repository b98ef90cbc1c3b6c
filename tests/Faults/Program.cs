using System.Diagnostics;

namespace PretrainBench.Faults.Tests;

/// <summary>The test assembly as a program: a racer of <see cref="ClaimRaces"/> (<c>race</c>), many races
/// (<c>races N</c>), and a long campaign (<c>campaign FAULTS SEED</c>).</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["race", var place, var number, var count])
            return ClaimRaces.Race(place, int.Parse(number), int.Parse(count));
        var folder = Directory.CreateTempSubdirectory("pretrainbench-faults-").FullName;
        try
        {
            switch (arguments)
            {
                case ["races", var races]:
                    var watch = Stopwatch.StartNew();
                    var bad = ClaimRaces.Run(folder, int.Parse(races));
                    Console.WriteLine($"{races} races of two processes, {bad} without exactly one winner, "
                        + $"{watch.Elapsed.TotalSeconds:0} s");
                    return bad == 0 ? 0 : 1;
                case ["campaign", var faults, var seed]:
                    var report = new Campaign(folder, int.Parse(seed), Console.WriteLine).Run(int.Parse(faults));
                    foreach (var problem in report.Problems) Console.WriteLine(problem);
                    Console.WriteLine($"{report.Faults.Values.Sum()} faults ("
                        + $"{string.Join(", ", report.Faults.Select(fault => $"{fault.Value} {fault.Key}"))}) in "
                        + $"{report.Rounds} rounds over {report.Runs} runs: {report.Problems.Count} problems");
                    return report.Problems.Count == 0 ? 0 : 1;
                default:
                    Console.Error.WriteLine("races N | campaign FAULTS SEED");
                    return 2;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
