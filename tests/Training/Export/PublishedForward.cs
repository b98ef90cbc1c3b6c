using System.Buffers.Binary;
using System.Text.Json;

namespace PretrainBench.Training.Tests.Export;

/// <summary>OLMo 2 and Llama as published, from their files to logits, in double precision and arrays alone: nothing of
/// torch and nothing of our models, readers or names.</summary>
internal sealed class PublishedForward
{
    private readonly Dictionary<string, double[]> _tensors = [];
    private readonly JsonElement _config;
    private readonly int _width, _heads, _keyHeads, _headWidth;
    private readonly bool _isOlmo2;

    public PublishedForward(string folder)
    {
        _config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json"))).RootElement;
        (_width, _heads) = (Whole("hidden_size"), Whole("num_attention_heads"));
        (_keyHeads, _headWidth) = (Whole("num_key_value_heads"), _width / _heads);
        _isOlmo2 = _config.GetProperty("model_type").GetString() == "olmo2";
        foreach (var file in Directory.GetFiles(folder, "*.safetensors")) Read(File.ReadAllBytes(file));
    }

    /// <summary>Logits at every position of a sequence.</summary>
    public double[][] Logits(int[] tokens)
    {
        var x = tokens.Select(token => Row("model.embed_tokens", token, _width)).ToArray();
        for (var layer = 0; layer < Whole("num_hidden_layers"); layer++)
        {
            var name = $"model.layers.{layer}.";
            string first = name + "input_layernorm", second = name + "post_attention_layernorm";
            if (_isOlmo2)
            {
                x = Add(x, Norm(Attention(x, name + "self_attn."), name + "post_attention_layernorm"));
                x = Add(x, Norm(FeedForward(x, name + "mlp."), name + "post_feedforward_layernorm"));
            }
            else
            {
                x = Add(x, Attention(Norm(x, first), name + "self_attn."));
                x = Add(x, FeedForward(Norm(x, second), name + "mlp."));
            }
        }
        var head = _config.GetProperty("tie_word_embeddings").GetBoolean() ? "model.embed_tokens" : "lm_head";
        return Times(Norm(x, "model.norm"), head);
    }

    private double[][] Attention(double[][] x, string name)
    {
        var (query, key, value) = (Times(x, name + "q_proj"), Times(x, name + "k_proj"), Times(x, name + "v_proj"));
        if (_isOlmo2) (query, key) = (Norm(query, name + "q_norm"), Norm(key, name + "k_norm"));
        for (var t = 0; t < x.Length; t++) Array.ForEach([query[t], key[t]], vector => Rotate(vector, t));
        var mixed = x.Select(_ => new double[_width]).ToArray();
        for (var head = 0; head < _heads; head++)
        {
            int own = head * _headWidth, shared = head / (_heads / _keyHeads) * _headWidth;
            for (var t = 0; t < x.Length; t++)
            {
                var scores = Enumerable.Range(0, t + 1).Select(s => Enumerable.Range(0, _headWidth)
                    .Sum(i => query[t][own + i] * key[s][shared + i]) / Math.Sqrt(_headWidth)).ToArray();
                var weights = scores.Select(score => Math.Exp(score - scores.Max())).ToArray();
                for (var s = 0; s <= t; s++)
                    for (var i = 0; i < _headWidth; i++)
                        mixed[t][own + i] += weights[s] / weights.Sum() * value[s][shared + i];
            }
        }
        return Times(mixed, name + "o_proj");
    }

    // Pairs of the first and the second half of each head.
    private void Rotate(double[] vector, int position)
    {
        var half = _headWidth / 2;
        for (var at = 0; at < vector.Length; at += _headWidth)
            for (var i = 0; i < half; i++)
            {
                var angle = position * Math.Pow(_config.GetProperty("rope_theta").GetDouble(), -2.0 * i / _headWidth);
                var (a, b) = (vector[at + i], vector[at + half + i]);
                vector[at + i] = a * Math.Cos(angle) - b * Math.Sin(angle);
                vector[at + half + i] = b * Math.Cos(angle) + a * Math.Sin(angle);
            }
    }

    private double[][] FeedForward(double[][] x, string name)
    {
        var (gate, up) = (Times(x, name + "gate_proj"), Times(x, name + "up_proj"));
        return Times([.. gate.Zip(up, (g, u) => g.Zip(u, (a, b) => a / (1 + Math.Exp(-a)) * b).ToArray())],
            name + "down_proj");
    }

    private double[][] Norm(double[][] x, string name) => [.. x.Select(row =>
    {
        var scale = Math.Sqrt(row.Average(value => value * value) + _config.GetProperty("rms_norm_eps").GetDouble());
        return row.Zip(_tensors[name + ".weight"], (value, gain) => value / scale * gain).ToArray();
    })];

    private double[][] Times(double[][] x, string name) => [.. x.Select(row => Enumerable
        .Range(0, _tensors[name + ".weight"].Length / row.Length)
        .Select(i => Row(name, i, row.Length).Zip(row, (a, b) => a * b).Sum()).ToArray())];

    private double[] Row(string name, int row, int length) => _tensors[name + ".weight"][(row * length)..][..length];

    private static double[][] Add(double[][] x, double[][] y)
        => [.. x.Zip(y, (a, b) => a.Zip(b, (one, other) => one + other).ToArray())];

    private int Whole(string key) => _config.GetProperty(key).GetInt32();

    private void Read(byte[] file)
    {
        var begin = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        foreach (var entry in JsonDocument.Parse(file.AsMemory(8, begin - 8)).RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            var offsets = entry.Value.GetProperty("data_offsets");
            var type = entry.Value.GetProperty("dtype").GetString();
            var size = type == "F32" ? 4 : 2;
            _tensors[entry.Name] = [.. file[(begin + offsets[0].GetInt32())..(begin + offsets[1].GetInt32())]
                .Chunk(size).Select(bytes => type switch
                {
                    "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                    "F16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
                    "BF16" => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
                    _ => throw new InvalidDataException(type),
                })];
        }
    }
}
