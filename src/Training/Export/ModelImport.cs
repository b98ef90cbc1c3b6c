using System.Text.Json.Nodes;
using PretrainBench.Torch;

namespace PretrainBench.Training.Export;

/// <summary>Takes over a published model of the layouts that <see cref="ModelExport"/> writes: its folder has
/// <c>config.json</c> and <c>model.safetensors</c>, or several of these with an index.</summary>
public static class ModelImport
{
    internal const string ConfigName = "model.yaml";

    // What a model is published with beside its weights.
    private static readonly string[] FileNames =
    [
        PublishedConfig.FileName, "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "tokenizer.model",
    ];

    /// <summary>Makes a folder of the model that <see cref="FinalModel.Load"/> and <see cref="ModelExport"/> take as
    /// they take a finished run's.</summary>
    /// <param name="outputFolder">The folder; there must be nothing yet.</param>
    /// <exception cref="UserException">The model cannot be read or expressed, or the place is taken.</exception>
    public static ImportedModel Write(string sourceFolder, string outputFolder)
    {
        if (Directory.Exists(outputFolder) && Directory.EnumerateFileSystemEntries(outputFolder).Any())
            throw new UserException($"{outputFolder}: is not empty; choose another folder");
        var config = PublishedConfig.Read(sourceFolder);
        var shape = config.Shape();
        using var scope = NewDisposeScope();
        var weights = PublishedWeights.Read(sourceFolder, config, shape);
        var target = new RunFolder(outputFolder);
        Directory.CreateDirectory(FilesOf(outputFolder));
        AtomicFile.Write(target.FinalWeightsPath, stream => SafetensorsFile.Write(stream, weights));
        foreach (var name in FileNames.Where(name => File.Exists(Path.Combine(sourceFolder, name))))
            File.Copy(Path.Combine(sourceFolder, name), Path.Combine(FilesOf(outputFolder), name));
        if (config.QueriesPerKey > 1)
        {
            var path = Path.Combine(FilesOf(outputFolder), PublishedConfig.FileName);
            var text = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            text["num_key_value_heads"] = config.NumAttentionHeads;
            AtomicFile.WriteText(path, text.ToJsonString(JsonFormat.Indented) + "\n");
        }
        var imported = new ImportedModel { Model = shape.ToConfig(), SequenceLength = config.MaxPositionEmbeddings };
        // Last: what makes it a model that can be loaded.
        AtomicFile.WriteText(Path.Combine(outputFolder, ConfigName), ConfigWriter.ToYaml(imported));
        return imported;
    }

    /// <summary>Where an imported model keeps what it was published with.</summary>
    internal static string FilesOf(string folder) => Path.Combine(folder, "files");
}

/// <summary>The file <c>model.yaml</c> of an imported model.</summary>
public sealed record ImportedModel
{
    public required ModelConfig Model { get; init; }

    /// <summary>The longest sequences that it was made for.</summary>
    public required int SequenceLength { get; init; }
}
