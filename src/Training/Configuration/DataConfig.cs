namespace PretrainBench.Training.Configuration;

/// <summary>The <c>data</c> section of a run.</summary>
public sealed record DataConfig : IValidated
{
    /// <summary>The folder that <c>data prepare</c> made; its content, not its place, is in the identity.</summary>
    public required string Folder { get; init; }

    /// <summary>Seed of the order of windows of tokens, apart from the run's seed. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            yield return (nameof(Folder), "is empty; give the folder that `pretrainbench data prepare` made");
    }
}
