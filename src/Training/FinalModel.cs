using PretrainBench.Data;
using PretrainBench.Torch;
using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Export;

namespace PretrainBench.Training;

/// <summary>The model that a finished run left behind, or one that was imported.</summary>
public sealed class FinalModel : IDisposable
{
    // Of an imported model: what one pass of an evaluation holds.
    private const int TokensPerPass = 4096;

    private readonly string _folder;
    private readonly BatchConfig _batch;
    private readonly IReadOnlyDictionary<string, ScalarType> _types;

    private FinalModel(string folder, RunConfig? config, BatchConfig batch, Decoder model, Device device,
        IReadOnlyDictionary<string, ScalarType> types)
        => (_folder, Config, _batch, Model, Device, _types) = (folder, config, batch, model, device, types);

    /// <summary>The run's resolved configuration; null for an imported model.</summary>
    public RunConfig? Config { get; }

    public Decoder Model { get; }

    public Device Device { get; }

    /// <summary>Loads a finished run's model, or what <see cref="ModelImport"/> made.</summary>
    /// <param name="device">Such as <c>cpu</c> or <c>cuda:0</c>.</param>
    /// <param name="averaged">The average of its weights in place of the last ones.</param>
    /// <exception cref="UserException">The folder holds no finished run, or its weights are damaged or of another
    /// model.</exception>
    public static FinalModel Load(string runFolder, string device = "cpu", bool averaged = false)
    {
        var folder = new RunFolder(runFolder);
        var importedPath = Path.Combine(runFolder, ModelImport.ConfigName);
        if (!File.Exists(folder.ConfigPath) && !File.Exists(importedPath))
            throw new UserException($"{runFolder}: holds no run (no config.yaml)");
        var weights = averaged ? folder.AveragedWeightsPath : folder.FinalWeightsPath;
        if (averaged && !File.Exists(weights))
            throw new UserException($"{runFolder}: has no averaged weights; train a run with `averaging` to its end, "
                + "with checkpoint.keep_final_weights on");
        if (!File.Exists(weights))
            throw new UserException(
                $"{runFolder}: has no final weights; train the run to its end, with checkpoint.keep_final_weights on");
        var run = File.Exists(folder.ConfigPath) ? RunConfig.Read(folder.ConfigPath) : null;
        var imported = run is not null ? null
            : ConfigBinder.Bind<ImportedModel>(ConfigFile.Read(importedPath), importedPath);
        var shape = run?.Model ?? imported!.Model;
        var target = RunSession.DeviceOf(new ExecutionConfig { Device = device });
        var model = new Decoder(shape.Resolve(shape.VocabularySize ?? 0), run?.Seed ?? 0, target,
            run?.Precision ?? Precision.Fp32);
        try
        {
            using var scope = NewDisposeScope();
            using var stream = File.OpenRead(weights);
            var tensors = SafetensorsFile.Read(stream);
            ModelWeights.Load(model, tensors, weights);
            var types = tensors.ToDictionary(pair => pair.Key, pair => pair.Value.dtype);
            return new FinalModel(runFolder, run, run?.Batch ?? BatchOf(imported!), model, target, types);
        }
        catch (Exception e)
        {
            model.Dispose();
            if (e is InvalidDataException)
                throw new UserException($"{weights}: damaged: {e.Message}; "
                    + (run is null ? "import the model again" : "train the run again"), inner: e);
            throw;
        }
    }

    private static BatchConfig BatchOf(ImportedModel imported) => new()
    {
        SequenceLength = imported.SequenceLength,
        SequencesPerStep = Math.Max(1, TokensPerPass / imported.SequenceLength),
    };

    /// <summary>The weights by name, in the types that they are stored in; the caller's scope disposes them.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Weights() => Model.Parameters.Select(parameter
        => KeyValuePair.Create(parameter.Name, parameter.Value.detach().to(_types[parameter.Name])));

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
    /// model's.</exception>
    public EvaluationResult Evaluate(string? dataFolder = null)
    {
        var place = dataFolder ?? Config?.Data.Folder
            ?? throw new UserException($"{_folder}: an imported model has no data set of its own; give one with "
                + $"`--data`, made by `data prepare tokenizer={ModelImport.FilesOf(_folder)}`");
        using var data = TokenDataset.Open(place);
        if (dataFolder is not null) RequireTokenizer(data);
        return new Evaluation(data, _batch.SequenceLength, _batch.SequencesPerStep, Device).Measure(Model);
    }

    private void RequireTokenizer(TokenDataset data)
    {
        var own = Config is null ? ModelImport.FilesOf(_folder)
            : Path.Combine(Config.Data.Folder, DatasetManifest.TokenizerFolderName);
        var hash = Config is null ? TextTokenizer.Load(own).Hash
            : DatasetManifest.Read(Config.Data.Folder).TokenizerHash;
        if (hash != data.Manifest.TokenizerHash || data.Manifest.VocabularySize > Model.Shape.VocabularySize)
            throw new UserException($"{data.Folder}: made with another tokenizer than the model's data; prepare it "
                + $"with `tokenizer={own}`");
    }

    public void Dispose() => Model.Dispose();
}
