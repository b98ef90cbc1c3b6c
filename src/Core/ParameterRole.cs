namespace PretrainBench.Core;

/// <summary>What a parameter does in a decoder; optimizers choose their rule by it, not by shape.</summary>
public enum ParameterRole
{
    /// <summary>The token embedding, [vocabulary, width].</summary>
    Embedding,

    /// <summary>A matrix between hidden layers, [outputs, inputs]: attention and feed-forward projections.</summary>
    HiddenMatrix,

    /// <summary>The output projection to the vocabulary, [vocabulary, width]; absent when tied.</summary>
    Head,

    /// <summary>The gain vector of a normalisation.</summary>
    Norm,

    /// <summary>An additive vector.</summary>
    Bias,
}
