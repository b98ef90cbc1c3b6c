namespace PretrainBench.Models;

/// <summary>Floating-point operations of the matrix products, a multiply-add counted as two. Norms, softmax and other
/// element-wise work are left out, as in every published count; embedding look-ups are no products.</summary>
public static class ModelFlops
{
    /// <summary>Of one token's forward pass: 2 · (hidden matrices + head) + 4 · layers · width · sequence length for
    /// the attention scores and their product with the values. The whole square of scores is counted, not only its
    /// causal half: published counts do so, and laws over FLOPs compare with them.</summary>
    /// <param name="sequenceLength">Positions in a sequence, in tokens.</param>
    public static double ForwardPerToken(ModelShape shape, int sequenceLength)
    {
        var products = ParameterCounts.Of(shape).Matrices + (double)shape.VocabularySize * shape.Width;
        return 2 * products + 4.0 * shape.Layers * shape.Width * sequenceLength;
    }

    /// <summary>Of one token's forward and backward pass: three times the forward pass (the backward pass has two
    /// products for each).</summary>
    /// <param name="sequenceLength">Positions in a sequence, in tokens.</param>
    public static double TrainingPerToken(ModelShape shape, int sequenceLength)
        => 3 * ForwardPerToken(shape, sequenceLength);
}
