using PretrainBench.Training.Checkpoints;

namespace PretrainBench.Training.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-checkpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CheckpointState State(int step) => new()
    {
        RunId = "run",
        Step = step,
        TrainingSeconds = 1.5,
        OptimizerSeconds = 0.25,
        OptimizerScalars = new Dictionary<string, double> { ["adamw:t"] = step },
        SmoothedLoss = 1.0 / 3,
        WrittenAt = DateTimeOffset.UnixEpoch,
    };

    private static KeyValuePair<string, Tensor>[] Tensors(float value)
        => [KeyValuePair.Create("a", tensor(new[] { value }))];

    [Fact]
    public void What_is_written_comes_back_to_the_last_bit()
    {
        using var scope = NewDisposeScope();
        var path = Checkpoint.Write(_folder, State(12), Tensors(0.1f), Tensors(0.2f), null);
        Assert.Equal("step-00000012", Path.GetFileName(path));
        var state = Checkpoint.Verify(path);
        Assert.Equal((12, 1.0 / 3, 12.0), (state.Step, state.SmoothedLoss!.Value, state.OptimizerScalars["adamw:t"]));
        Assert.Equal((0.1f, 0.2f),
            (Checkpoint.ReadWeights(path)["a"].item<float>(), Checkpoint.ReadOptimizerState(path)["a"].item<float>()));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_full_disk_leaves_the_checkpoint_before_and_nothing_half_written()
    {
        using var scope = NewDisposeScope();
        var before = Checkpoint.Write(_folder, State(1), Tensors(1), Tensors(1), null);
        IEnumerable<KeyValuePair<string, Tensor>> Full()
        {
            yield return Tensors(2)[0];
            throw new IOException("No space left on device");
        }
        var error = Assert.Throws<UserException>(() => Checkpoint.Write(_folder, State(2), Tensors(2), Full(), null));
        Assert.Equal(ExitCodes.Failed, error.ExitCode);
        Assert.Contains("No space left on device", error.Message);
        Assert.Equal([before], Directory.GetFileSystemEntries(_folder));
        Assert.Equal(1, Checkpoint.Verify(before).Step);
    }

    [Theory]
    [InlineData(Checkpoint.WeightsFile)]
    [InlineData(Checkpoint.OptimizerFile)]
    [InlineData(Checkpoint.StateFile)]
    [InlineData(Checkpoint.SumsFile)]
    public void One_changed_or_missing_file_is_noticed(string file)
    {
        using var scope = NewDisposeScope();
        var path = Checkpoint.Write(_folder, State(3), Tensors(1), Tensors(1), null);
        var bytes = File.ReadAllBytes(Path.Combine(path, file));
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(Path.Combine(path, file), bytes);
        Assert.Throws<InvalidDataException>(() => Checkpoint.Verify(path));
        File.Delete(Path.Combine(path, file));
        Assert.Throws<InvalidDataException>(() => Checkpoint.Verify(path));
    }
}
