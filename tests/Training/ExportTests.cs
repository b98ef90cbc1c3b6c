using System.Text.Json;
using PretrainBench.Models;
using PretrainBench.Torch;
using PretrainBench.Training.Export;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

[Collection(nameof(TestCorpus))]
public class ExportTests(TestCorpus corpus)
{
    [Theory]
    [InlineData("olmo2", "model.layers.1.post_feedforward_layernorm.weight", 25)]
    [InlineData("llama", "model.layers.1.input_layernorm.weight", 21)]
    public void An_export_has_the_published_names_and_the_trained_values(string family, string name, int count)
    {
        var (run, output) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        RunSession.Execute(TestRuns.Config(corpus, $"model.family={family}"), run);
        ModelExport.Write(run, output);

        using var scope = NewDisposeScope();
        using var stream = File.OpenRead(Path.Combine(output, "model.safetensors"));
        var tensors = SafetensorsFile.Read(stream);
        Assert.Equal(count, tensors.Count);
        Assert.Equal([32L], tensors[name].shape);
        const string Layer = @"layers\.[01]\.(self_attn\.[qkvo]_(proj|norm)|mlp\.(gate|up|down)_proj|\w+_layernorm)";
        const string Name = @"^(model\.(embed_tokens|norm|" + Layer + @")|lm_head)\.weight$";
        Assert.All(tensors.Keys, key => Assert.Matches(Name, key));
        var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "config.json"))).RootElement;
        Assert.Equal((family, 300),
            (config.GetProperty("model_type").GetString(), config.GetProperty("vocab_size").GetInt32()));
        Assert.True(File.Exists(Path.Combine(output, "vocab.json"))
            || File.Exists(Path.Combine(output, "tokenizer.json")));

        using var final = FinalModel.Load(run);
        Assert.Equal(RunResult.Read(run)!.FinalLoss!.Value, final.Evaluate().Loss, 1e-9);
        var head = final.Model.Parameters.Single(parameter => parameter.Role == ParameterRole.Head).Value;
        Assert.True(head.Equals(tensors["lm_head.weight"]));
    }

    [Fact]
    public void Weights_of_another_model_are_refused()
    {
        var run = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus), run);
        using var other = new Decoder(new ModelConfig { Layers = 1, Width = 32, Heads = 2 }.Resolve(300), 0);
        using (var stream = File.Create(new RunFolder(run).FinalWeightsPath))
            SafetensorsFile.Write(stream,
                other.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
        Assert.Contains("weights of another model", Assert.Throws<UserException>(() => FinalModel.Load(run)).Message);
        File.WriteAllText(new RunFolder(run).FinalWeightsPath, "junk");
        Assert.Contains("damaged", Assert.Throws<UserException>(() => FinalModel.Load(run)).Message);
    }

    [Fact]
    public void A_folder_without_a_finished_run_is_refused()
        => Assert.Contains("holds no run",
            Assert.Throws<UserException>(() => FinalModel.Load(corpus.NewRunFolder())).Message);
}
