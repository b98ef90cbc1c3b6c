using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Results;

/// <summary>What TensorBoard shows of an attempt: the lines of its metrics, and the run's settings as
/// hyper-parameters, in which the attempts of a run are one group.</summary>
internal sealed class RunEvents : IDisposable
{
    private const string Plugin = "hparams";

    // The numbers of fields and kinds in tensorboard/plugins/hparams/plugin_data.proto.
    private const int SessionStart = 3, SessionEnd = 4, Success = 1, Failure = 2;

    private readonly EventFile _file;
    private readonly double _peak;

    /// <summary>Begins the file of an attempt.</summary>
    /// <param name="labels">What the run's settings are called by whoever compares runs; they win over the run's
    /// own.</param>
    public RunEvents(string folder, ResolvedRun run, IReadOnlyDictionary<string, string> labels)
    {
        _peak = run.Config.Optimizer.LearningRate;
        _file = new EventFile(folder);
        var start = new ProtobufMessage();
        foreach (var (name, value) in Settings(run, labels))
            start.Message(1, new ProtobufMessage().Text(1, name).Message(2, value));
        _file.Write(0, [Session(SessionStart, "_hparams_/session_start_info", start.Text(4, run.Id))]);
    }

    /// <summary>Shows a line of the metrics.</summary>
    public void Write(MetricsLine line)
    {
        (string Tag, double? Value)[] values =
        [
            ("training_loss", line.TrainingLoss), ("gradient_norm", line.GradientNorm),
            ("learning_rate", line.ScheduleFactor * _peak), ("tokens_per_second", line.TokensPerSecond),
            // Over the whole validation set, and so no point of the curve.
            (line.Final == true ? "final_loss" : "validation_loss", line.ValidationLoss),
            (line.Final == true ? "final_averaged_loss" : "averaged_loss", line.AveragedLoss),
            .. (line.Groups ?? new Dictionary<string, GroupDynamics>()).SelectMany(Values),
            .. (line.Matrices ?? new Dictionary<string, MatrixSpectrum>()).SelectMany(Values),
        ];
        _file.Write(line.Step, values.Where(value => value.Value is not null)
            .Select(value => new ProtobufMessage().Text(1, value.Tag).Single(2, value.Value!.Value)));
    }

    /// <summary>Tells that the run came to its end.</summary>
    public void End(int step, bool diverged)
        => _file.Write(step, [Session(SessionEnd, "_hparams_/session_end_info",
            new ProtobufMessage().Whole(1, diverged ? Failure : Success))]);

    public void Dispose() => _file.Dispose();

    private static IEnumerable<(string Tag, double? Value)> Values(KeyValuePair<string, GroupDynamics> group) =>
    [
        ($"gradient_norm/{group.Key}", group.Value.GradientNorm), ($"update_norm/{group.Key}", group.Value.UpdateNorm),
        ($"weight_norm/{group.Key}", group.Value.WeightNorm), ($"update_ratio/{group.Key}", group.Value.UpdateRatio),
    ];

    private static IEnumerable<(string Tag, double? Value)> Values(KeyValuePair<string, MatrixSpectrum> matrix) =>
    [
        ($"largest_singular_value/{matrix.Key}", matrix.Value.LargestSingularValue),
        ($"stable_rank/{matrix.Key}", matrix.Value.StableRank),
    ];

    private static ProtobufMessage Session(int field, string tag, ProtobufMessage content)
        => new ProtobufMessage().Text(1, tag).Message(9, new ProtobufMessage().Message(1, new ProtobufMessage()
            .Text(1, Plugin).Message(2, new ProtobufMessage().Message(field, content))));

    private static Dictionary<string, ProtobufMessage> Settings(
        ResolvedRun run, IReadOnlyDictionary<string, string> labels)
    {
        var parameters = ParameterCounts.Of(run.Shape).NonEmbedding;
        var settings = new Dictionary<string, ProtobufMessage>
        {
            ["optimizer"] = Word(run.Config.Optimizer.Name),
            ["size"] = Word(ModelLadder.NameOf(run.Shape) ?? "custom"),
            ["parameters"] = Number(parameters),
            ["tokens"] = Number(run.Tokens),
            ["tokens_per_parameter"] = Number(Math.Round((double)run.Tokens / parameters, 2)),
            ["batch_tokens"] = Number(run.Config.Batch.TokensPerStep),
            ["learning_rate"] = Number(run.Config.Optimizer.LearningRate),
            ["seed"] = Number(run.Config.Seed),
        };
        foreach (var (name, label) in labels) settings[name] = Word(label);
        return settings;
    }

    // google.protobuf.Value.
    private static ProtobufMessage Number(double value) => new ProtobufMessage().Real(2, value);

    private static ProtobufMessage Word(string value) => new ProtobufMessage().Text(3, value);
}
