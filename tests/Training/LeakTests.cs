namespace PretrainBench.Training.Tests;

/// <summary>
/// Whole runs, each in a process of its own, watched from outside: what a step makes it also frees, and the memory that
/// the process holds stands still once it is warm.
/// </summary>
[Collection(nameof(TestCorpus))]
public class LeakTests(TestCorpus corpus)
{
    [Theory]
    [InlineData("{layers: 2, width: 32, heads: 2}", 4, 32, 2000)]
    [InlineData("{size: 1M}", 2, 64, 100)]
    public void Tensors_and_memory_stand_still(string model, int sequences, int length, int steps)
    {
        var config = Path.Combine(corpus.Folder, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(config, TestRuns.Yaml(corpus).Replace("{layers: 2, width: 32, heads: 2}", model)
            .Replace("{sequences_per_step: 4, sequence_length: 32}",
                $"{{sequences_per_step: {sequences}, sequence_length: {length}}}")
            .Replace("{tokens: 5120}", $"{{tokens: {steps * sequences * length}}}"));
        using var run = new ChildProcess(config, corpus.NewRunFolder(), "watch");
        var seen = run.Lines().Select(line => line.Split(' '))
            .Select(words =>
                (Tensors: long.Parse(words[1]), Resident: long.Parse(words[2]), Reads: long.Parse(words[3]))).ToList();
        Assert.Equal((ExitCodes.Done, ""), run.Wait());
        Assert.Equal(steps, seen.Count);

        var warm = seen.Skip(steps / 4).ToList();
        // The numbers of a step are mostly read while the next one's are there already.
        var (tensors, later) = (warm.Take(warm.Count / 2).Max(at => at.Tensors), warm.Max(at => at.Tensors));
        Assert.Equal(tensors, later);
        Assert.InRange(warm.Min(at => at.Tensors), tensors - 1, tensors);
        // The middle fifth against the last: single steps may lie a collection of garbage apart.
        var (middle, end) = (Mean(seen, steps * 2 / 5), Mean(seen, steps * 4 / 5));
        Assert.True(end < middle + Math.Max(0.05 * middle, 16e6),
            $"{middle / 1e6:F1} MB in the middle, {end / 1e6:F1} MB at the end");

        // Three points of the curve read a number for each of their passes; steps read none.
        Assert.Equal(4, seen.Select(at => at.Reads).Distinct().Count());

        double Mean(List<(long Tensors, long Resident, long Reads)> all, int from) =>
            all.Skip(from).Take(steps / 5).Average(at => at.Resident);
    }
}
