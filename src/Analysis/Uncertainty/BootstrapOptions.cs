using System.Text.Json.Serialization;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>What a bootstrap draws again.</summary>
public enum BootstrapKind
{
    /// <summary>
    /// Noise around the law: a part of each run, and one that all runs of a cell, and of a trunk, share, as large as
    /// the residuals tell. The runs are kept.
    /// </summary>
    [JsonStringEnumMemberName("noise")]
    Noise,

    /// <summary>Cells of equal N and D, with replacement, each with its runs of all optimizers.</summary>
    [JsonStringEnumMemberName("cells")]
    Cells,

    /// <summary>Runs, with replacement, within each optimizer.</summary>
    [JsonStringEnumMemberName("runs")]
    Runs,

    /// <summary>Trunks with all their branches, with replacement, within each optimizer; a run without a trunk is its
    /// own.</summary>
    [JsonStringEnumMemberName("trunks")]
    Trunks,

    /// <summary>Seed noise: every loss plus a normal draw of a given deviation, the runs kept.</summary>
    [JsonStringEnumMemberName("seed-noise")]
    SeedNoise,
}

/// <summary>How uncertainty is drawn.</summary>
public sealed record BootstrapOptions : IValidated
{
    /// <summary>Replicates when nothing else is asked for.</summary>
    public const int DefaultReplicates = 1000;

    /// <summary>Fewer give no interval.</summary>
    public const int FewestReplicates = 20;

    /// <summary>Coverage of intervals when nothing else is asked for.</summary>
    public const double DefaultConfidence = 0.95;

    /// <summary>How many refits.</summary>
    public int Replicates { get; init; } = DefaultReplicates;

    public BootstrapKind Kind { get; init; } = BootstrapKind.Noise;

    /// <summary>Nominal coverage of the intervals.</summary>
    public double Confidence { get; init; } = DefaultConfidence;

    /// <summary>Seed; replicate i draws the same numbers on any number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Deviation of the loss between seeds, nats per token, for <see cref="BootstrapKind.SeedNoise"/>; null:
    /// pooled from cells of the table that were trained with several seeds.</summary>
    public double? SeedNoise { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Replicates is < FewestReplicates or > 1_000_000)
            yield return (nameof(Replicates), $"{Replicates}: use {FewestReplicates} to 1,000,000");
        if (!(Confidence > 0.5 && Confidence < 1))
            yield return (nameof(Confidence),
                $"{Confidence}: use a value between 0.5 and 1, such as {DefaultConfidence}");
        if (SeedNoise is { } noise && !(noise > 0 && double.IsFinite(noise)))
            yield return (nameof(SeedNoise), $"{noise} nats must be above zero, such as 0.002");
    }
}
