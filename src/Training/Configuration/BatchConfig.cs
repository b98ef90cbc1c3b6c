namespace PretrainBench.Training.Configuration;

/// <summary>The <c>batch</c> section of a run.</summary>
public sealed record BatchConfig : IValidated
{
    /// <summary>Sequences in one optimizer step; default 16.</summary>
    public int SequencesPerStep { get; init; } = 16;

    /// <summary>Tokens in a sequence; default 256.</summary>
    public int SequenceLength { get; init; } = 256;

    /// <summary>Tokens in one optimizer step.</summary>
    public long TokensPerStep => (long)SequencesPerStep * SequenceLength;

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (SequencesPerStep is < 1 or > 1 << 20)
            yield return (nameof(SequencesPerStep), $"must be between 1 and {1 << 20}");
        if (SequenceLength is < 2 or > 1 << 17)
            yield return (nameof(SequenceLength), $"must be between 2 and {1 << 17}");
    }
}
