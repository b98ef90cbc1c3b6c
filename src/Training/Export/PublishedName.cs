namespace PretrainBench.Training.Export;

/// <summary>What Olmo2ForCausalLM and LlamaForCausalLM call the tensors of a decoder.</summary>
/// <param name="Own">Our name.</param>
/// <param name="Published">Theirs.</param>
/// <param name="Shape">The tensor's.</param>
internal sealed record PublishedName(string Own, string Published, long[] Shape)
{
    public const string Embedding = "model.embed_tokens.weight", Head = "lm_head.weight";

    /// <summary>Every tensor of a decoder.</summary>
    public static IReadOnlyList<PublishedName> Of(ModelShape shape)
    {
        long width = shape.Width, inner = shape.FeedForwardWidth;
        long[] table = [shape.VocabularySize, width], square = [width, width], gain = [width];
        var normsAfter = shape.Family == ModelFamily.Olmo2;
        List<(string Own, string Published, long[] Shape)> layer =
        [
            ("attention.query", "self_attn.q_proj", square), ("attention.key", "self_attn.k_proj", square),
            ("attention.value", "self_attn.v_proj", square), ("attention.output", "self_attn.o_proj", square),
            ("attention_norm", normsAfter ? "post_attention_layernorm" : "input_layernorm", gain),
            ("feed_forward_norm", normsAfter ? "post_feedforward_layernorm" : "post_attention_layernorm", gain),
            ("feed_forward.gate", "mlp.gate_proj", [inner, width]),
            ("feed_forward.up", "mlp.up_proj", [inner, width]),
            ("feed_forward.down", "mlp.down_proj", [width, inner]),
        ];
        if (shape.NormalizesQueriesAndKeys)
            layer.AddRange([("attention.query_norm", "self_attn.q_norm", gain),
                ("attention.key_norm", "self_attn.k_norm", gain)]);
        var layers = from i in Enumerable.Range(0, shape.Layers)
                     from each in layer
                     select new PublishedName(
                         $"blocks.{i}.{each.Own}", $"model.layers.{i}.{each.Published}.weight", each.Shape);
        IReadOnlyList<PublishedName> head = shape.TiedEmbeddings ? [] : [new("head", Head, table)];
        return [new("embedding", Embedding, table), .. layers, new("final_norm", "model.norm.weight", gain), .. head];
    }
}
