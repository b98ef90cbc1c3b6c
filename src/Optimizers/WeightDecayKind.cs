namespace PretrainBench.Optimizers;

/// <summary>How the weight decay coefficient w reaches the weights; lr is the scheduled and peak the highest learning
/// rate.</summary>
public enum WeightDecayKind
{
    /// <summary>Decoupled from the gradient, coupled to the learning rate: W shrinks by lr·w (Loshchilov and Hutter,
    /// arXiv 1711.05101, as in PyTorch).</summary>
    Coupled,

    /// <summary>Independent of the peak learning rate: W shrinks by (lr/peak)·w.</summary>
    Independent,

    /// <summary>Corrected for the schedule: W shrinks by lr·(lr/peak)·w (Defazio, arXiv 2506.02285; Meta's Distributed
    /// Shampoo).</summary>
    Corrected,

    /// <summary>Added to the gradient, w·W, before anything else sees it (L2 regularisation).</summary>
    Gradient,
}
