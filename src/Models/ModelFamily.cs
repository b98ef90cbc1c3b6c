namespace PretrainBench.Models;

/// <summary>Which decoder is trained. Both have RMSNorm, rotary positions, SwiGLU and no biases.</summary>
public enum ModelFamily
{
    /// <summary>
    /// OLMo 2 (arXiv 2501.00656): the norms come after attention and feed-forward, before the residual is added
    /// ("reordered norm"), and queries and keys are normalised over the whole width.
    /// </summary>
    Olmo2,

    /// <summary>LLaMA (arXiv 2302.13971): the norms come before attention and feed-forward; queries and keys are not normalised.</summary>
    Llama,
}
