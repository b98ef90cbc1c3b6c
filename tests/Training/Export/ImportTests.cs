using System.Text.Json;
using System.Text.Json.Nodes;
using PretrainBench.Torch;
using PretrainBench.Training.Export;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests.Export;

[Collection(nameof(TestCorpus))]
public class ImportTests(TestCorpus corpus)
{
    // What the independent implementation must agree to, in nats.
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("olmo2", false)]
    [InlineData("olmo2", true)]
    [InlineData("llama", false)]
    [InlineData("llama", true)]
    public void A_trained_model_has_the_same_logits_elsewhere_and_comes_back_unchanged(string family, bool tied)
    {
        var (run, exported, imported, again) = (corpus.NewRunFolder(), corpus.NewRunFolder(), corpus.NewRunFolder(),
            corpus.NewRunFolder());
        RunSession.Execute(TestRuns.Config(corpus, $"model.family={family}",
            "model.tied_embeddings=" + (tied ? "true" : "false")), run);
        ModelExport.Write(run, exported);
        ModelImport.Write(exported, imported);
        ModelExport.Write(imported, again);

        AssertSameLogits(exported, run);
        Assert.Equal(TestRuns.Snapshot(exported).Values.Order(), TestRuns.Snapshot(again).Values.Order());
        using var model = FinalModel.Load(imported);
        Assert.Equal(RunResult.Read(run)!.FinalLoss!.Value, model.Evaluate(corpus.DataFolder).Loss, 1e-6);
        Assert.Contains("an imported model has no data set of its own",
            Assert.Throws<UserException>(() => model.Evaluate()).Message);
    }

    [Theory]
    [InlineData("olmo2", ScalarType.BFloat16, false, 4, 1)]
    [InlineData("olmo2", ScalarType.Float32, true, 2, 3)]
    [InlineData("llama", ScalarType.Float16, false, 4, 3)]
    [InlineData("llama", ScalarType.BFloat16, true, 1, 1)]
    public void A_published_model_has_its_logits_here(
        string family, ScalarType type, bool tied, int keyHeads, int files)
    {
        var (source, imported, exported) = (corpus.NewRunFolder(), corpus.NewRunFolder(), corpus.NewRunFolder());
        Publish(source, Config(family, tied, keyHeads), type, files);
        ModelImport.Write(source, imported);
        AssertSameLogits(source, imported);

        ModelExport.Write(imported, exported);
        AssertSameLogits(exported, imported);
        if (keyHeads < 4) return;
        Assert.Equal(Bytes(source), Bytes(exported));
        Assert.Equal(File.ReadAllText(Path.Combine(source, "config.json")),
            File.ReadAllText(Path.Combine(exported, "config.json")));
    }

    [Theory]
    [InlineData("model_type", "\"gpt2\"", "it is a `gpt2`")]
    [InlineData("hidden_act", "\"gelu\"", "its activation is `gelu`, not silu")]
    [InlineData("attention_bias", "true", "its matrices have biases")]
    [InlineData("rope_scaling", "{\"rope_type\": \"llama3\", \"factor\": 8}", "its rotary positions are scaled")]
    [InlineData("rope_parameters", "{\"rope_type\": \"yarn\"}", "its rotary positions are scaled")]
    [InlineData("head_dim", "16", "its heads have 16 dimensions, not 24 / 4")]
    [InlineData("num_key_value_heads", "3", "its 3 key heads do not divide 4 query heads")]
    [InlineData("num_hidden_layers", "3", "`model.layers.2.self_attn.q_proj.weight` is missing")]
    [InlineData("num_hidden_layers", "1", "is no tensor that such a model has")]
    [InlineData("intermediate_size", "48", "`model.layers.0.mlp.gate_proj.weight` is [40, 24], and by config.json")]
    [InlineData("num_hidden_layers", "null", "config.json: damaged")]
    [InlineData("vocab_size", "-1", "must be between 1 and")]
    [InlineData("tie_word_embeddings", "true", "is not the embedding that it is tied to")]
    public void What_cannot_be_expressed_is_refused_with_its_reason(string key, string value, string reason)
    {
        var (source, imported) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        var config = Config("llama", tied: false, keyHeads: 4);
        Publish(source, config, ScalarType.Float32, 1);
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(source, "config.json"), config.ToJsonString());
        Assert.Contains(reason, Assert.Throws<UserException>(() => ModelImport.Write(source, imported)).Message);
        Assert.False(Directory.Exists(imported));
    }

    [Fact]
    public void Damaged_files_and_taken_places_are_refused()
    {
        var (source, imported) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        string Message() => Assert.Throws<UserException>(() => ModelImport.Write(source, imported)).Message;
        Assert.Contains("holds no published model", Message());
        Publish(source, Config("llama", tied: false, keyHeads: 4), ScalarType.Float32, 2);
        var part = Path.Combine(source, "model-00002-of-00002.safetensors");
        var bytes = File.ReadAllBytes(part);
        File.WriteAllBytes(part, bytes[..^1]);
        Assert.Contains("are cut short", Message());
        File.Delete(part);
        Assert.StartsWith($"{part}: cannot be read", Message());
        var index = Path.Combine(source, "model.safetensors.index.json");
        File.WriteAllText(index, """{"weight_map": {"a": "../a.safetensors"}}""");
        Assert.Contains("`../a.safetensors` is no file of this folder", Message());
        File.Delete(index);
        Assert.Contains("holds no `model.safetensors`", Message());
        Directory.CreateDirectory(Path.Combine(imported, "there"));
        Assert.Contains("is not empty", Message());
    }

    [Fact]
    public void Data_of_another_tokenizer_are_refused()
    {
        var (source, imported) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        Publish(source, Config("llama", tied: false, keyHeads: 4), ScalarType.Float32, 1);
        foreach (var file in Directory.GetFiles(Path.Combine(corpus.DataFolder, "tokenizer")))
            File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        ModelImport.Write(source, imported);
        using var model = FinalModel.Load(imported);
        // The same tokenizer, whose vocabulary of 300 this model lacks.
        Assert.Contains("made with another tokenizer",
            Assert.Throws<UserException>(() => model.Evaluate(corpus.DataFolder)).Message);
    }

    private static void AssertSameLogits(string published, string folder)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var model = FinalModel.Load(folder);
        int[] tokens = [.. Enumerable.Range(0, 12).Select(i => i * i * 7 % 50)];
        var own = model.Model.call(tensor(tokens.Select(token => (long)token).ToArray()).unsqueeze(0));
        var expected = new PublishedForward(published).Logits(tokens);
        var difference = own.flatten().to(ScalarType.Float64).data<double>().ToArray()
            .Zip(expected.SelectMany(row => row), (a, b) => Math.Abs(a - b)).ToList();
        Assert.Equal(expected.Sum(row => row.Length), difference.Count);
        Assert.InRange(difference.Max(), 0, Tolerance);
        // They say something.
        Assert.True(expected.SelectMany(row => row).Max() > 1);
    }

    private static JsonObject Config(string family, bool tied, int keyHeads) => new()
    {
        ["model_type"] = family,
        ["hidden_size"] = 24,
        ["intermediate_size"] = 40,
        ["num_hidden_layers"] = 2,
        ["num_attention_heads"] = 4,
        ["num_key_value_heads"] = keyHeads,
        ["vocab_size"] = 50,
        ["max_position_embeddings"] = 32,
        ["rope_theta"] = 5000.0,
        ["rms_norm_eps"] = 1e-5,
        ["tie_word_embeddings"] = tied,
    };

    private static void Publish(string folder, JsonObject config, ScalarType type, int files)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        var olmo2 = (string)config["model_type"]! == "olmo2";
        var keyWidth = 6 * (int)config["num_key_value_heads"]!;
        List<(string Name, long[] Shape)> tensors = [("model.embed_tokens", [50, 24]), ("model.norm", [24])];
        if (!(bool)config["tie_word_embeddings"]!) tensors.Add(("lm_head", [50, 24]));
        List<(string Name, long[] Shape)> layer =
        [
            ("self_attn.q_proj", [24, 24]), ("self_attn.k_proj", [keyWidth, 24]),
            ("self_attn.v_proj", [keyWidth, 24]), ("self_attn.o_proj", [24, 24]), ("mlp.gate_proj", [40, 24]),
            ("mlp.up_proj", [40, 24]), ("mlp.down_proj", [24, 40]), ("post_attention_layernorm", [24]),
            (olmo2 ? "post_feedforward_layernorm" : "input_layernorm", [24]),
        ];
        if (olmo2) layer.AddRange([("self_attn.q_norm", [24]), ("self_attn.k_norm", [keyWidth])]);
        for (var i = 0; i < 2; i++)
            tensors.AddRange(layer.Select(tensor => ($"model.layers.{i}.{tensor.Name}", tensor.Shape)));
        var values = tensors.ToDictionary(tensor => tensor.Name + ".weight", tensor
            => (zeros(tensor.Shape).normal_(0, 0.3, generator) + (tensor.Shape.Length == 1 ? 1 : 0)).to(type));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        var map = new Dictionary<string, string>();
        foreach (var (part, number) in values.Chunk((values.Count + files - 1) / files).Select((part, i) => (part, i)))
        {
            var name = files == 1 ? "model.safetensors" : $"model-{number + 1:D5}-of-{files:D5}.safetensors";
            using (var stream = File.Create(Path.Combine(folder, name))) SafetensorsFile.Write(stream, part);
            foreach (var (key, _) in part) map[key] = name;
        }
        if (files > 1)
            File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"),
                JsonSerializer.Serialize(new { metadata = new { total_size = 1 }, weight_map = map }));
    }

    private static List<string> Bytes(string folder)
    {
        using var scope = NewDisposeScope();
        return [.. Directory.GetFiles(folder, "*.safetensors").SelectMany(TestRuns.Tensors)
            .Select(pair => $"{pair.Key} {pair.Value.dtype} {ContentHash.OfBytes(pair.Value.bytes)}").Order()];
    }
}
