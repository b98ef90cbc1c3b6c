using System.Text;

namespace PretrainBench.Cli.Tests;

/// <summary>A folder with a small text, and the dataset that `data prepare` made of it once.</summary>
public sealed class Workspace : IDisposable
{
    public Workspace()
    {
        var text = Path.Combine(Folder, "text");
        Directory.CreateDirectory(text);
        var random = new Random(1);
        string[] words =
            ["the", "model", "learns", "a", "token", "from", "every", "document", "and", "forgets", "some", "of", "it"];
        for (var i = 0; i < 60; i++)
        {
            var content = new StringBuilder();
            for (var word = 0; word < 400; word++)
                content.Append(words[Math.Min(random.Next(words.Length), random.Next(words.Length))]).Append(' ');
            File.WriteAllText(Path.Combine(text, $"{i:00}.txt"), content.ToString());
        }
        Pretrainbench.MustSucceed(Folder, "data", "prepare", "source=text", "vocabulary_size=300",
            "validation_fraction=0.1", "--out", "data");
        File.WriteAllText(Path.Combine(Folder, "run.yaml"), RunYaml);
        File.WriteAllText(Path.Combine(Folder, "grid.yaml"), GridYaml);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("pretrainbench-cli").FullName;

    private const string RunYaml = """
        model: {layers: 1, width: 16, heads: 1, feed_forward_width: 32}
        data: {folder: data}
        optimizer: {name: adamw, learning_rate: 1e-2}
        batch: {sequences_per_step: 4, sequence_length: 32}
        budget: {tokens: 5120}
        evaluation: {points: 2, sequences: 4}
        """;

    private const string GridYaml = """
        name: small
        base:
          data: {folder: data}
          batch: {sequences_per_step: 4, sequence_length: 32}
          evaluation: {points: 0}
          checkpoint: {interval_steps: 20}
        axes: {optimizer: [adamw, muon], size: [a, b], tokens_per_parameter: [1, 2]}
        sizes:
          a: {layers: 1, width: 16, heads: 1, feed_forward_width: 32}
          b: {layers: 1, width: 32, heads: 1, feed_forward_width: 32}
        tuning: {start: {adamw: 1e-2, muon: 2e-2}, trials: 2, extensions: 1}
        """;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

[CollectionDefinition(Name)]
public sealed class SharedWorkspace : ICollectionFixture<Workspace>
{
    public const string Name = "workspace";
}
