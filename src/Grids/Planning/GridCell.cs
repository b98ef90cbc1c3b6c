namespace PretrainBench.Grids.Planning;

/// <summary>One combination of the axes' values.</summary>
/// <param name="Optimizer">The name on the optimizer axis.</param>
/// <param name="Size">The model's size.</param>
/// <param name="TokensPerParameter">Tokens per non-embedding parameter.</param>
/// <param name="Seed">The seed of the initialisation.</param>
/// <param name="BatchTokens">Tokens per step; null for the base's own.</param>
/// <param name="LearningRate">The peak learning rate; null for the configuration's own, or while not chosen.</param>
public sealed record GridCell(
    string Optimizer, string Size, double TokensPerParameter, ulong Seed,
    long? BatchTokens = null, double? LearningRate = null)
{
    /// <summary>A short text for people, such as <c>muon 0.2M ×10 lr 0.02</c>.</summary>
    public override string ToString()
    {
        var text = $"{Optimizer} {Size} ×{TokensPerParameter:0.###}";
        if (LearningRate is { } rate) text += $" lr {rate:g4}";
        if (BatchTokens is { } batch) text += $" batch {batch}";
        return Seed == 0 ? text : $"{text} seed {Seed}";
    }
}
