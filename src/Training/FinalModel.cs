using PretrainBench.Data;
using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training;

/// <summary>The model that a finished run left behind.</summary>
public sealed class FinalModel : IDisposable
{
    private FinalModel(RunConfig config, Decoder model, Device device)
        => (Config, Model, Device) = (config, model, device);

    /// <summary>The run's resolved configuration.</summary>
    public RunConfig Config { get; }

    public Decoder Model { get; }

    public Device Device { get; }

    /// <summary>Loads a finished run's model.</summary>
    /// <param name="device">Such as <c>cpu</c> or <c>cuda:0</c>.</param>
    /// <param name="averaged">The average of its weights in place of the last ones.</param>
    /// <exception cref="UserException">The folder holds no finished run, or its weights are damaged or of another
    /// model.</exception>
    public static FinalModel Load(string runFolder, string device = "cpu", bool averaged = false)
    {
        var folder = new RunFolder(runFolder);
        if (!File.Exists(folder.ConfigPath)) throw new UserException($"{runFolder}: holds no run (no config.yaml)");
        var weights = averaged ? folder.AveragedWeightsPath : folder.FinalWeightsPath;
        if (averaged && !File.Exists(weights))
            throw new UserException($"{runFolder}: has no averaged weights; train a run with `averaging` to its end, "
                + "with checkpoint.keep_final_weights on");
        if (!File.Exists(weights))
            throw new UserException(
                $"{runFolder}: has no final weights; train the run to its end, with checkpoint.keep_final_weights on");
        var config = RunConfig.Read(folder.ConfigPath);
        var target = RunSession.DeviceOf(new ExecutionConfig { Device = device });
        var model =
            new Decoder(config.Model.Resolve(config.Model.VocabularySize ?? 0), config.Seed, target, config.Precision);
        try
        {
            using var scope = NewDisposeScope();
            using var stream = File.OpenRead(weights);
            ModelWeights.Load(model, SafetensorsFile.Read(stream), weights);
            return new FinalModel(config, model, target);
        }
        catch (Exception e)
        {
            model.Dispose();
            if (e is InvalidDataException)
                throw new UserException($"{weights}: damaged: {e.Message}; train the run again",
                    inner: e);
            throw;
        }
    }

    /// <summary>Where a finished run has its final weights, and their average.</summary>
    public static IReadOnlyList<string> WeightsPaths(string runFolder)
        => [new RunFolder(runFolder).FinalWeightsPath, new RunFolder(runFolder).AveragedWeightsPath];

    /// <summary>What is wrong with a file of a finished run's weights, as far as its header and length tell; null when
    /// nothing is, or when there is none.</summary>
    public static string? WeightsProblem(string path, string runId)
    {
        if (FileEntry.KindOf(path) != EntryKind.File) return null;
        try
        {
            using var stream = File.OpenRead(path);
            var header = SafetensorsFile.ReadHeader(stream);
            var bytes = header.Entries.Select(entry => entry.End).DefaultIfEmpty(0).Max();
            if (stream.Length - stream.Position != bytes)
                return $"its tensors have {bytes:N0} bytes, and {stream.Length - stream.Position:N0} are there";
            return header.Metadata.GetValueOrDefault("run_id") is var other && other == runId ? null
                : $"they are the weights of run {PlainText.Of(other ?? "")}";
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    /// <summary>Measures it on a data set's whole validation side.</summary>
    /// <param name="dataFolder">A prepared data set; the run's own when null.</param>
    /// <exception cref="UserException">The data set is missing, or was made with another tokenizer than the
    /// run's.</exception>
    public EvaluationResult Evaluate(string? dataFolder = null)
    {
        using var own = dataFolder is null ? null : TokenDataset.Open(Config.Data.Folder, verify: false);
        using var data = TokenDataset.Open(dataFolder ?? Config.Data.Folder);
        if (own is not null && own.Manifest.TokenizerHash != data.Manifest.TokenizerHash)
            throw new UserException(
                $"{dataFolder}: made with another tokenizer than the run's data ({Config.Data.Folder}); "
                + "prepare it with `tokenizer="
                + $"{Path.Combine(Config.Data.Folder, DatasetManifest.TokenizerFolderName)}`");
        return new Evaluation(data, Config.Batch.SequenceLength, Config.Batch.SequencesPerStep, Device).Measure(Model);
    }

    public void Dispose() => Model.Dispose();
}
