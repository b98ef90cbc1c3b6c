namespace PretrainBench.Training.Configuration;

/// <summary>The <c>data</c> section of a run.</summary>
public sealed record DataConfig : IValidated
{
    /// <summary>The folder that <c>pretrainbench data prepare</c> made. Its content, not its place, is part of the run's identity.</summary>
    public required string Folder { get; init; }

    /// <summary>Seed of the order in which windows of tokens are seen; apart from the run's seed, so that runs can share the order. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (string.IsNullOrWhiteSpace(Folder)) yield return (nameof(Folder), "is empty; give the folder that `pretrainbench data prepare` made");
    }
}
