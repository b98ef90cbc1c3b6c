using PretrainBench.Data;
using PretrainBench.Grids.Configuration;

namespace PretrainBench.Studies.Tests;

/// <summary>A folder with a small dataset and grid files over it.</summary>
public sealed class SmallGrid : IDisposable
{
    public SmallGrid()
    {
        var texts = Directory.CreateDirectory(Path.Combine(Folder, "texts")).FullName;
        for (var i = 0; i < 40; i++)
        {
            var words = Enumerable.Range(0, 200).Select(word => $"word{(word * word + 31 * i) % 997}");
            File.WriteAllText(Path.Combine(texts, $"{i:00}.txt"), string.Join(' ', words));
        }
        DataPreparation.Prepare(
            new() { Source = [texts], VocabularySize = 300, ValidationFraction = 0.1 }, Data);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("pretrainbench-studies").FullName;

    public string Data => Path.Combine(Folder, "data");

    public GridFile Read(params string[] overrides)
    {
        var path = Path.Combine(Folder, "grid.yaml");
        File.WriteAllText(path, $$"""
            name: small
            base:
              data: {folder: '{{Data}}'}
              batch: {sequences_per_step: 4, sequence_length: 32}
            axes: {optimizer: [adamw, muon], size: [a, b, c], tokens_per_parameter: [1, 2, 4], seed: [0, 1]}
            sizes:
              a: {layers: 1, width: 16, heads: 1, feed_forward_width: 32}
              b: {layers: 1, width: 32, heads: 1, feed_forward_width: 64}
              c: {layers: 1, width: 64, heads: 1, feed_forward_width: 128}
            tuning: {start: {adamw: 1e-2, muon: 2e-2}, trials: 2, extensions: 1}
            """);
        return GridFile.Read(path, overrides);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
