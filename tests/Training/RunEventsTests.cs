using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Results;
using Tensorboard;

namespace PretrainBench.Training.Tests;

/// <summary>Read back by TorchSharp's own classes of TensorFlow's messages.</summary>
[Collection(nameof(TestCorpus))]
public class RunEventsTests(TestCorpus corpus)
{
    [Fact]
    public void The_check_sum_is_the_published_one()
        => Assert.Equal(BitOperations.RotateRight(0xE3069283u, 15) + 0xa282ead8u,
            EventFile.CheckSum("123456789"u8));

    [Fact]
    public void Events_are_the_metrics_the_final_loss_and_the_settings()
    {
        var folder = corpus.NewRunFolder();
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        RunSession.Execute(TestRuns.Config(corpus, "seed=3"), folder, new RunOptions
        {
            Labels = new Dictionary<string, string> { ["optimizer"] = "slow ×" },
        });
        var events = Read(folder, 1);
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        Assert.All(events, each => Assert.InRange(each.WallTime, before, now));
        var lines = RunMetrics.Read(folder);
        Assert.Equal(Of(lines, line => line.TrainingLoss), Scalars(events, "training_loss"));
        Assert.Equal(Of(lines, line => line.GradientNorm), Scalars(events, "gradient_norm"));
        Assert.Equal(Of(lines, line => line.TokensPerSecond), Scalars(events, "tokens_per_second"));
        Assert.Equal(Of(lines, line => line.ScheduleFactor * 1e-2), Scalars(events, "learning_rate"));
        Assert.Equal(3, Scalars(events, "validation_loss").Count);
        Assert.Equal([(40L, (float)RunResult.Read(folder)!.FinalLoss!)], Scalars(events, "final_loss"));

        var settings = Struct.Parser.ParseFrom(Session(events, "_hparams_/session_start_info", field: 3)).Fields;
        Assert.Equal(("slow ×", 3.0, 0.01, 128.0), (settings["optimizer"].StringValue, settings["seed"].NumberValue,
            settings["learning_rate"].NumberValue, settings["batch_tokens"].NumberValue));
        Assert.Equal([8, 1], Session(events, "_hparams_/session_end_info", field: 4).ToByteArray());
    }

    [Fact]
    public void Averages_and_dynamics_are_shown_where_they_are_measured()
    {
        var folder = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus, "averaging={kind: ema}",
            "execution.dynamics={interval_steps: 10, matrices: [head]}"), folder);
        var (events, lines, result) = (Read(folder, 1), RunMetrics.Read(folder), RunResult.Read(folder)!);
        Assert.Equal(3, Scalars(events, "averaged_loss").Count);
        Assert.Equal([(40L, (float)result.AveragedLoss!)], Scalars(events, "final_averaged_loss"));
        Assert.Equal(Of(lines, line => line.Groups?["hidden_matrix"].UpdateRatio),
            Scalars(events, "update_ratio/hidden_matrix"));
        Assert.Equal(Of(lines, line => line.Matrices?["head"].StableRank), Scalars(events, "stable_rank/head"));
        Assert.Equal([10, 20, 30, 40], Scalars(events, "gradient_norm/norm").Select(point => point.Step));
    }

    [Fact]
    public void Every_attempt_has_its_own_file_and_the_later_begins_where_it_went_on()
    {
        var folder = corpus.NewRunFolder();
        using var stop = new CancellationTokenSource();
        var options = new RunOptions
        {
            Stop = stop.Token,
            Progress = new Callback<TrainProgress>(progress =>
            {
                if (progress.Step == 20) stop.Cancel();
            }),
        };
        Assert.Equal(RunOutcome.Preempted, RunSession.Execute(TestRuns.Config(corpus), folder, options));
        Assert.Equal(RunOutcome.Done, RunSession.Execute(TestRuns.Config(corpus), folder));
        Assert.Equal([4, 8, 12, 16, 20], Scalars(Read(folder, 1), "training_loss").Select(point => point.Step));
        Assert.Equal([24, 28, 32, 36, 40], Scalars(Read(folder, 2), "training_loss").Select(point => point.Step));
    }

    [Fact]
    public void Without_events_the_run_is_the_same()
    {
        var folder = corpus.NewRunFolder();
        var config = TestRuns.Config(corpus, "execution.tensorboard=false");
        Assert.Equal(RunSession.Resolve(TestRuns.Config(corpus)).Id, RunSession.Resolve(config).Id);
        RunSession.Execute(config, folder);
        Assert.False(File.Exists(PlaceOf(folder, 1)));
    }

    private static List<(long Step, float Value)> Of(
        IEnumerable<MetricsLine> lines, Func<MetricsLine, double?> value)
        => [.. lines.Where(line => value(line) is not null).Select(line => ((long)line.Step, (float)value(line)!))];

    private static List<(long Step, float Value)> Scalars(IEnumerable<Event> events, string tag)
        => [.. from each in events
               from value in each.Summary?.Value ?? []
               where value.Tag == tag
               select (each.Step, value.SimpleValue)];

    // The content of a HParamsPluginData, whose one field is the session's start or end.
    private static ByteString Session(IEnumerable<Event> events, string tag, int field)
    {
        var plugin = Assert.Single(events.SelectMany(each => each.Summary?.Value ?? []), value => value.Tag == tag)
            .Metadata.PluginData;
        Assert.Equal("hparams", plugin.PluginName);
        var content = plugin.Content.CreateCodedInput();
        Assert.Equal(WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited), content.ReadTag());
        return content.ReadBytes();
    }

    private static string PlaceOf(string folder, int attempt)
        => Path.Combine(folder, "attempts", $"{attempt}", EventFile.Name);

    private static List<Event> Read(string folder, int attempt)
    {
        var bytes = File.ReadAllBytes(PlaceOf(folder, attempt)).AsSpan();
        var events = new List<Event>();
        while (bytes.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
            Assert.Equal(EventFile.CheckSum(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            var content = bytes.Slice(12, length);
            Assert.Equal(EventFile.CheckSum(content), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            // TorchSharp's classes read whole arrays alone.
            events.Add(Event.Parser.ParseFrom(content.ToArray()));
            bytes = bytes[(16 + length)..];
        }
        return events;
    }
}
