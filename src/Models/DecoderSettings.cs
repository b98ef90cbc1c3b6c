namespace PretrainBench.Models;

/// <summary>What a decoder is beside its dimensions, for configurations and resolved shapes alike.</summary>
public abstract record DecoderSettings
{
    /// <summary>Which decoder; default <c>olmo2</c>.</summary>
    public ModelFamily Family { get; init; } = ModelFamily.Olmo2;

    /// <summary>Whether the head is the embedding itself; default false.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Base of the rotary frequencies (arXiv 2104.09864); default 10,000.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Added to the mean square in every norm; default 1e-6 (OLMo 2).</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Standard deviation of the initial matrices; default 0.02 (OLMo 2).</summary>
    public double InitDeviation { get; init; } = 0.02;

    /// <summary>Standard deviation of the initial embedding, unless it is tied to the head; default 1. Deviation: OLMo
    /// 2 uses 0.02; every sublayer then adds an output of mean square one to a residual stream of 0.0004, in which the
    /// token itself drowns until the embedding has grown.</summary>
    public double EmbeddingDeviation { get; init; } = 1;
}

/// <summary>Which decoder is trained. Both have RMSNorm, rotary positions, SwiGLU and no biases.</summary>
public enum ModelFamily
{
    /// <summary>OLMo 2 (arXiv 2501.00656): the norms come after attention and feed-forward, before the residual is
    /// added ("reordered norm"), and queries and keys are normalised over the whole width.</summary>
    Olmo2,

    /// <summary>LLaMA (arXiv 2302.13971): the norms come before attention and feed-forward; queries and keys are not
    /// normalised.</summary>
    Llama,
}
