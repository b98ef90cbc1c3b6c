namespace PretrainBench.Data;

/// <summary>The parts of preparing a dataset, in their order.</summary>
public enum PrepareStage
{
    /// <summary>Hashing the source's files, to see whether there is anything to do; in bytes.</summary>
    HashSource,

    /// <summary>Reading the texts and counting their pieces; in bytes of the source's files.</summary>
    CountPieces,

    /// <summary>Learning merges; in merges.</summary>
    LearnMerges,

    /// <summary>Encoding the texts and writing shards; in bytes of the source's files.</summary>
    Encode,
}

/// <summary>How far a preparation is.</summary>
/// <param name="Stage">The part that is running.</param>
/// <param name="Done">How much of it is done, in the stage's unit.</param>
/// <param name="Total">How much there is to do.</param>
public readonly record struct PrepareProgress(PrepareStage Stage, long Done, long Total)
{
    private const long ReportedBytes = 1 << 20;

    /// <summary>Reports while documents pass, about once a megabyte of the files, and at the end.</summary>
    internal static IEnumerable<Document> Follow(IEnumerable<Document> documents, PrepareStage stage,
        ReadCounter counter, long total, IProgress<PrepareProgress>? progress)
    {
        long reported = 0;
        foreach (var document in documents)
        {
            if (counter.FileBytes - reported >= ReportedBytes)
            {
                reported = counter.FileBytes;
                progress?.Report(new PrepareProgress(stage, Math.Min(reported, total), total));
            }
            yield return document;
        }
        progress?.Report(new PrepareProgress(stage, total, total));
    }
}
