using PretrainBench.Core.Configuration;
using PretrainBench.Torch;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Tests;

internal static class TestRuns
{
    /// <summary>A run of 40 steps that takes about a second.</summary>
    public static string Yaml(
        TestCorpus corpus, string optimizer = "{name: adamw, learning_rate: 1e-2}", string more = "") => $$"""
        model: {layers: 2, width: 32, heads: 2}
        data: {folder: {{corpus.DataFolder}}}
        optimizer: {{optimizer}}
        batch: {sequences_per_step: 4, sequence_length: 32}
        budget: {tokens: 5120}
        checkpoint: {interval_steps: 7}
        evaluation: {points: 3, sequences: 4}
        execution: {threads: 1, log_interval_steps: 4}
        {{more}}
        """;

    public static RunConfig Config(TestCorpus corpus, params string[] overrides)
    {
        var root = ConfigFile.Parse(Yaml(corpus), "run.yaml");
        foreach (var assignment in overrides) ConfigFile.Override(root, assignment);
        return ConfigBinder.Bind<RunConfig>(root, "run.yaml");
    }

    /// <summary>The final weights' hash: equal exactly when every bit is.</summary>
    public static string WeightsHash(string runFolder, bool averaged = false)
    {
        using var scope = NewDisposeScope();
        var tensors = Tensors(averaged
            ? new RunFolder(runFolder).AveragedWeightsPath : new RunFolder(runFolder).FinalWeightsPath);
        return ContentHash.OfText(string.Join("\n", tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key + ContentHash.OfBytes(pair.Value.bytes))));
    }

    /// <summary>What a safetensors file holds; the caller's scope disposes it.</summary>
    public static Dictionary<string, Tensor> Tensors(string path)
    {
        using var stream = File.OpenRead(path);
        return SafetensorsFile.Read(stream);
    }

    /// <summary>All files below a folder with their contents' hashes.</summary>
    public static Dictionary<string, string> Snapshot(string folder)
        => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => path, ContentHash.OfFile);
}

/// <summary>Calls back on the training thread, at once.</summary>
internal sealed class Callback<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
