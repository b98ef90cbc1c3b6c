namespace PretrainBench.Analysis.Laws;

/// <summary>What a term of a law is a power of.</summary>
public enum LawVariable
{
    /// <summary>Parameters, N.</summary>
    Parameters,

    /// <summary>Training tokens, D.</summary>
    Tokens,

    /// <summary>Tokens that the run's FLOPs would buy at the reference optimizer's cost: C / (k_ref N).</summary>
    TokensByFlops,

    /// <summary>Tokens that the run's seconds would buy at the reference optimizer's cost: S / (k_ref N).</summary>
    TokensBySeconds,

    /// <summary>Training FLOPs, C; 6 N D where a table has none.</summary>
    Flops,
}

/// <summary>Whether optimizers have a quantity in common.</summary>
public enum Sharing
{
    /// <summary>The law has no such quantity.</summary>
    Absent,

    /// <summary>One value for all optimizers.</summary>
    Shared,

    /// <summary>One value for each optimizer.</summary>
    PerOptimizer,
}
