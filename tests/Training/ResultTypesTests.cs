using System.Text.Json;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

/// <summary>What kind of value stands at every key of <c>result.json</c>: programs of others read it.</summary>
[Collection(nameof(TestCorpus))]
public class ResultTypesTests(TestCorpus corpus)
{
    [Fact]
    public void Every_value_has_its_kind()
    {
        var folder = corpus.NewRunFolder();
        const string Groups = "[{roles: [head], rule: adamw, amsgrad: yes, learning_rate: 1e-3}]";
        RunSession.Execute(TestRuns.Config(corpus, $"optimizer={{name: muon, groups: {Groups}}}"), folder);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, RunResult.FileName)));
        Assert.Equal(
            Expected.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            Flatten("", json.RootElement).Distinct().GroupBy(entry => entry.Kind, entry => entry.Path)
                .OrderBy(group => group.Key)
                .SelectMany(group => group.Order(StringComparer.Ordinal).Prepend($"{group.Key}:")));
    }

    private const string Expected = """
        number:
        attempt_starts[] bits_per_byte ceiling_flops_per_second ceiling_share config.batch.sequence_length
        config.batch.sequences_per_step config.budget.tokens config.checkpoint.interval_seconds
        config.checkpoint.interval_steps config.checkpoint.keep config.data.seed config.evaluation.points
        config.evaluation.sequences config.execution.log_interval_steps config.execution.micro_batch_sequences
        config.execution.threads config.execution.workers_on_device config.gradient_clip
        config.model.embedding_deviation
        config.model.feed_forward_width config.model.heads config.model.init_deviation config.model.layers
        config.model.norm_epsilon config.model.rope_theta config.model.vocabulary_size config.model.width
        config.optimizer.groups[].learning_rate config.optimizer.learning_rate
        config.optimizer.momentum config.optimizer.orthogonalisation.steps config.optimizer.weight_decay
        config.schedule.decay_fraction config.schedule.final_fraction config.schedule.warmup_fraction config.seed
        config.z_loss final_loss flops format model_flops optimizer_flops optimizer_seconds optimizer_state_bytes
        parameters.embedding parameters.head parameters.matrices parameters.non_embedding parameters.total
        parameters.vectors peak_memory_bytes smoothed_training_loss steps threads tokens tokens_per_second
        tokens_per_step
        training_seconds training_tokens_available validation_bytes validation_tokens
        string:
        config.data.folder config.execution.device config.model.family config.optimizer.groups[].roles[]
        config.optimizer.groups[].rule config.optimizer.momentum_form config.optimizer.name
        config.optimizer.orthogonalisation.coefficients config.optimizer.orthogonalisation.iteration_type
        config.optimizer.orthogonalisation.norm_guard config.optimizer.scale config.optimizer.weight_decay_kind
        config.precision config.schedule.decay_shape config.schedule.kind data.data_hash data.name
        data.tokenizer_hash ended_at optimizer optimizer_rules[] run_id status versions.device versions.dotnet
        versions.machine versions.pretrainbench versions.system versions.torch
        truth:
        config.checkpoint.keep_final_weights config.execution.recompute_activations config.execution.tensorboard
        config.model.tied_embeddings config.optimizer.groups[].amsgrad config.optimizer.nesterov
        """;

    private static IEnumerable<(string Path, string Kind)> Flatten(string path, JsonElement value)
        => value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject()
                .SelectMany(member => Flatten(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value)),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Flatten($"{path}[]", item)),
            JsonValueKind.True or JsonValueKind.False => [(path, "truth")],
            _ => [(path, value.ValueKind.ToString().ToLowerInvariant())],
        };
}
