using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Data;
using PretrainBench.Grids.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Planning;

/// <summary>What a grid's runs follow from besides the grid file: the content of its data set. A plan keeps it, so that
/// a grid's folder can be read where the data set is not.</summary>
internal sealed record FrozenData(DataFingerprint Fingerprint, int VocabularySize)
{
    private const string FileName = "data.json";
    private const int MostBytes = 1 << 16;

    /// <exception cref="UserException">There is no data set.</exception>
    public static FrozenData Of(string dataFolder)
    {
        var data = DatasetManifest.Read(dataFolder);
        return new(new(data.SourceName, data.Fingerprint, data.TokenizerHash), data.VocabularySize);
    }

    /// <summary>That of a grid's data set; where the data set is away, what its plan kept of it.</summary>
    /// <exception cref="UserException">There is neither.</exception>
    public static FrozenData Of(GridFile grid, string planFolder)
    {
        try
        {
            return new GridPlanner(grid).Data;
        }
        catch (UserException) when (Read(planFolder) is { } kept)
        {
            return kept;
        }
    }

    /// <summary>What a plan kept; null where it is damaged, or of a version that kept nothing.</summary>
    public static FrozenData? Read(string planFolder)
    {
        var path = Path.Combine(planFolder, FileName);
        try
        {
            return FileEntry.KindOf(path) != EntryKind.File ? null
                : JsonSerializer.Deserialize<FrozenData>(PlainFile.ReadText(path, MostBytes), JsonFormat.Indented);
        }
        catch (Exception e) when (e is JsonException or UserException)
        {
            return null;
        }
    }

    /// <summary>Writes it, unless it stands there as it is.</summary>
    public void Write(string planFolder)
    {
        if (Read(planFolder) != this)
            AtomicFile.WriteText(Path.Combine(planFolder, FileName),
                JsonSerializer.Serialize(this, JsonFormat.Indented) + "\n");
    }
}
