using System.Text.Json.Nodes;
using PretrainBench.Data;
using PretrainBench.Torch;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Export;

/// <summary>Writes a trained model as a folder that Hugging Face's transformers loads: <c>config.json</c>,
/// <c>model.safetensors</c> with the names of its Olmo2ForCausalLM and LlamaForCausalLM, and the tokenizer's
/// files.</summary>
public static class ModelExport
{
    /// <summary>Exports a finished run's model, or an imported one; other files in the folder stay.</summary>
    /// <param name="replace">Whether a model that is there already may be written over.</param>
    /// <exception cref="UserException">The run is not finished, its data set is gone, or the place cannot be written
    /// or holds a model.</exception>
    public static void Write(string runFolder, string outputFolder, bool averaged = false, bool replace = false)
    {
        if (!replace && File.Exists(Path.Combine(outputFolder, PublishedWeights.FileName)))
            throw new UserException($"{outputFolder}: holds a model already ({PublishedWeights.FileName}); choose "
                + "another folder, or `--replace`");
        using var final = FinalModel.Load(runFolder, averaged: averaged);
        using var scope = NewDisposeScope();
        var published = PublishedName.Of(final.Model.Shape).ToDictionary(name => name.Own, name => name.Published);
        var weights = final.Weights().Select(weight => KeyValuePair.Create(published[weight.Key], weight.Value));
        AtomicFile.Write(Path.Combine(outputFolder, PublishedWeights.FileName),
            stream => SafetensorsFile.Write(stream, weights, new Dictionary<string, string> { ["format"] = "pt" }));
        if (final.Config is { } run) WriteConfig(run, final.Model.Shape, outputFolder);
        var files = final.Config is null ? ModelImport.FilesOf(runFolder)
            : Path.Combine(final.Config.Data.Folder, DatasetManifest.TokenizerFolderName);
        foreach (var file in Directory.EnumerateFiles(files))
            AtomicFile.Write(Path.Combine(outputFolder, Path.GetFileName(file)), stream =>
            {
                using var source = File.OpenRead(file);
                source.CopyTo(stream);
            });
    }

    private static void WriteConfig(RunConfig run, ModelShape shape, string outputFolder)
    {
        var endOfText = DatasetManifest.Read(run.Data.Folder).EndOfTextId;
        var config = new JsonObject
        {
            ["architectures"]
                = new JsonArray(shape.Family == ModelFamily.Olmo2 ? "Olmo2ForCausalLM" : "LlamaForCausalLM"),
            ["model_type"] = shape.Family == ModelFamily.Olmo2 ? "olmo2" : "llama",
            ["hidden_size"] = shape.Width,
            ["intermediate_size"] = shape.FeedForwardWidth,
            ["num_hidden_layers"] = shape.Layers,
            ["num_attention_heads"] = shape.Heads,
            ["num_key_value_heads"] = shape.Heads,
            ["vocab_size"] = shape.VocabularySize,
            ["max_position_embeddings"] = run.Batch.SequenceLength,
            ["hidden_act"] = "silu",
            ["rope_theta"] = shape.RopeTheta,
            ["rms_norm_eps"] = shape.NormEpsilon,
            ["tie_word_embeddings"] = shape.TiedEmbeddings,
            ["attention_bias"] = false,
            ["attention_dropout"] = 0.0,
            ["initializer_range"] = shape.InitDeviation,
            ["bos_token_id"] = endOfText,
            ["eos_token_id"] = endOfText,
            ["pad_token_id"] = endOfText,
            ["torch_dtype"] = "float32",
        };
        AtomicFile.WriteText(Path.Combine(outputFolder, PublishedConfig.FileName),
            config.ToJsonString(JsonFormat.Indented) + "\n");
    }
}
