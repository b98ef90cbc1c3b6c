namespace PretrainBench.Core;

/// <summary>A trainable tensor with its name and role: what models hand out and optimizers take.</summary>
/// <typeparam name="TTensor">The tensor type; generic, because Core does not reference torch.</typeparam>
/// <param name="Name">Unique within the model, dotted, stable across versions: checkpoints refer to it.</param>
/// <param name="Role">What the parameter does.</param>
/// <param name="Value">The tensor itself; updated in place.</param>
/// <param name="RowBlocks">How many logically separate matrices are stacked along the rows: 3 for a fused
/// query-key-value projection, else 1. Rules that act on whole matrices treat each block apart.</param>
/// <param name="RowsPerHead">How many neighbouring rows act only together: the dimension of an attention head for a
/// query or key projection, whose outputs meet in one product per head; 1 for every other matrix. Divides the
/// rows.</param>
public sealed record ModelParameter<TTensor>(
    string Name, ParameterRole Role, TTensor Value, int RowBlocks = 1, int RowsPerHead = 1);

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
