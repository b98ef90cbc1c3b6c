namespace PretrainBench.Models;

/// <summary>Numbers of trainable values by what they do, so that any convention for N can be taken
/// afterwards.</summary>
public sealed record ParameterCounts
{
    public required long Embedding { get; init; }

    /// <summary>In the output projection; 0 when it is the embedding.</summary>
    public required long Head { get; init; }

    /// <summary>In attention and feed-forward matrices.</summary>
    public required long Matrices { get; init; }

    public required long Vectors { get; init; }

    public long Total => Embedding + Head + Matrices + Vectors;

    /// <summary>Without embedding and head: the N of the laws unless another is asked for.</summary>
    public long NonEmbedding => Matrices + Vectors;

    public static ParameterCounts Of(ModelShape shape)
    {
        long width = shape.Width, vocabulary = shape.VocabularySize;
        // Two norms a block and the final one; two more a block where queries and keys are normalised.
        var normsPerBlock = shape.NormalizesQueriesAndKeys ? 4 : 2;
        return new ParameterCounts
        {
            Embedding = vocabulary * width,
            Head = shape.TiedEmbeddings ? 0 : vocabulary * width,
            Matrices = shape.Layers * (4 * width * width + 3 * width * shape.FeedForwardWidth),
            Vectors = width * (normsPerBlock * shape.Layers + 1),
        };
    }
}
