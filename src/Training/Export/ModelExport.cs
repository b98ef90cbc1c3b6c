using System.Text.Json.Nodes;
using PretrainBench.Data;
using PretrainBench.Training.Checkpoints;

namespace PretrainBench.Training.Export;

/// <summary>Writes a trained model as a folder that Hugging Face's transformers loads: <c>config.json</c>,
/// <c>model.safetensors</c> with the names of its Olmo2ForCausalLM and LlamaForCausalLM, and the tokenizer's
/// files.</summary>
public static class ModelExport
{
    /// <summary>Exports a finished run's model; what was in the folder before stays unless it has the same
    /// name.</summary>
    /// <exception cref="UserException">The run is not finished, its data set is gone, or the place cannot be
    /// written.</exception>
    public static void Write(string runFolder, string outputFolder, bool averaged = false)
    {
        using var final = FinalModel.Load(runFolder, averaged: averaged);
        var manifest = DatasetManifest.Read(final.Config.Data.Folder);
        var shape = final.Model.Shape;
        var weights = final.Model.Parameters
            .Select(parameter => KeyValuePair.Create(NameOf(parameter.Name, shape.Family), parameter.Value));
        AtomicFile.Write(Path.Combine(outputFolder, "model.safetensors"),
            stream => SafetensorsFile.Write(stream, weights, new Dictionary<string, string> { ["format"] = "pt" }));
        var config = ConfigOf(shape, final.Config.Batch.SequenceLength, manifest.EndOfTextId);
        AtomicFile.WriteText(Path.Combine(outputFolder, "config.json"),
            config.ToJsonString(JsonFormat.Indented) + "\n");
        var tokenizer = Path.Combine(final.Config.Data.Folder, DatasetManifest.TokenizerFolderName);
        foreach (var file in Directory.EnumerateFiles(tokenizer))
            AtomicFile.Write(Path.Combine(outputFolder, Path.GetFileName(file)), stream =>
            {
                using var source = File.OpenRead(file);
                source.CopyTo(stream);
            });
    }

    internal static string NameOf(string name, ModelFamily family)
    {
        var parts = name.Split('.');
        if (parts is not ["blocks", var layer, .. var rest])
            return name switch
            {
                "embedding" => "model.embed_tokens.weight",
                "final_norm" => "model.norm.weight",
                "head" => "lm_head.weight",
                _ => throw new ArgumentException($"no published name for `{name}`", nameof(name)),
            };
        var normsAfter = family == ModelFamily.Olmo2;
        return $"model.layers.{layer}." + string.Join('.', rest) switch
        {
            "attention.query" => "self_attn.q_proj.weight",
            "attention.key" => "self_attn.k_proj.weight",
            "attention.value" => "self_attn.v_proj.weight",
            "attention.output" => "self_attn.o_proj.weight",
            "attention.query_norm" => "self_attn.q_norm.weight",
            "attention.key_norm" => "self_attn.k_norm.weight",
            "attention_norm" => (normsAfter ? "post_attention_layernorm" : "input_layernorm") + ".weight",
            "feed_forward_norm" => (normsAfter ? "post_feedforward" : "post_attention") + "_layernorm.weight",
            "feed_forward.gate" => "mlp.gate_proj.weight",
            "feed_forward.up" => "mlp.up_proj.weight",
            "feed_forward.down" => "mlp.down_proj.weight",
            _ => throw new ArgumentException($"no published name for `{name}`", nameof(name)),
        };
    }

    private static JsonObject ConfigOf(ModelShape shape, int sequenceLength, int endOfText) => new()
    {
        ["architectures"] = new JsonArray(shape.Family == ModelFamily.Olmo2 ? "Olmo2ForCausalLM" : "LlamaForCausalLM"),
        ["model_type"] = shape.Family == ModelFamily.Olmo2 ? "olmo2" : "llama",
        ["hidden_size"] = shape.Width,
        ["intermediate_size"] = shape.FeedForwardWidth,
        ["num_hidden_layers"] = shape.Layers,
        ["num_attention_heads"] = shape.Heads,
        ["num_key_value_heads"] = shape.Heads,
        ["vocab_size"] = shape.VocabularySize,
        ["max_position_embeddings"] = sequenceLength,
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
}
