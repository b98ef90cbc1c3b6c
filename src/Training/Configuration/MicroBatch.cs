namespace PretrainBench.Training.Configuration;

/// <summary>How many sequences go through the model in one pass, whose gradients accumulate.</summary>
/// <param name="Sequences">0 for the whole batch; <see cref="Auto"/> has its own.</param>
public sealed record MicroBatch(int Sequences) : IConfigParsable<MicroBatch>
{
    /// <summary>How <see cref="Auto"/> is written.</summary>
    public const string AutoWord = "auto";

    public static MicroBatch WholeBatch { get; } = new(0);

    /// <summary>As many as fit in memory: the largest part of the batch that is estimated to, and a smaller one where
    /// that was too much.</summary>
    public static MicroBatch Auto { get; } = new(-1);

    public static MicroBatch? FromConfig(ConfigNode node, string path, ConfigErrors errors)
    {
        if (node is ConfigScalar { Text: AutoWord }) return Auto;
        if (node is ConfigScalar scalar && int.TryParse(scalar.Text, out var sequences) && sequences >= 0)
            return new MicroBatch(sequences);
        errors.Add(node.Origin, path, $"must be a number of sequences, 0 for the whole batch, or `{AutoWord}`");
        return null;
    }

    public ConfigNode ToConfig()
        => new ConfigScalar(this == Auto ? AutoWord : $"{Sequences}", nameof(MicroBatch), IsText: this == Auto);
}
