using System.Text;

namespace PretrainBench.Faults.Tests;

/// <summary>A small data set, and a grid on it whose runs take seconds.</summary>
internal static class FaultsData
{
    private const string Grid = """
        name: faults
        base:
          data: {folder: data}
          batch: {sequences_per_step: 4, sequence_length: 32}
          evaluation: {points: 2, sequences: 4}
          checkpoint: {interval_steps: 50}
        axes: {optimizer: [adamw], size: [a], tokens_per_parameter: [1]}
        sizes:
          a: {layers: 1, width: 16, heads: 1, feed_forward_width: 32}
          b: {layers: 1, width: 32, heads: 1, feed_forward_width: 32}
        """;

    public static void Prepare(string folder)
    {
        var text = Path.Combine(folder, "text");
        Directory.CreateDirectory(text);
        var random = new Random(1);
        string[] words = ["a", "worker", "that", "was", "stopped", "wakes", "and", "writes", "nothing", "more"];
        for (var i = 0; i < 40; i++)
        {
            var content = new StringBuilder();
            for (var word = 0; word < 400; word++) content.Append(words[random.Next(words.Length)]).Append(' ');
            File.WriteAllText(Path.Combine(text, $"{i:00}.txt"), content.ToString());
        }
        FaultsProgram.MustRun(folder, "data", "prepare", "source=text", "vocabulary_size=300",
            "validation_fraction=0.1", "--out", "data");
        File.WriteAllText(Path.Combine(folder, "grid.yaml"), Grid);
    }
}
