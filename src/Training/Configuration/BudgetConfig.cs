namespace PretrainBench.Training.Configuration;

/// <summary>The <c>budget</c> section of a run: how many tokens it trains on, given in exactly one way.</summary>
public sealed record BudgetConfig : IValidated
{
    /// <summary>Tokens in all.</summary>
    public long? Tokens { get; init; }

    /// <summary>Tokens per parameter, embedding and head left out.</summary>
    public double? TokensPerParameter { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Tokens is null == TokensPerParameter is null)
            yield return (nameof(Tokens), "give either `tokens` or `tokens_per_parameter`, and not both");
        if (Tokens is < 1) yield return (nameof(Tokens), "must be at least 1");
        if (TokensPerParameter is <= 0) yield return (nameof(TokensPerParameter), "must be above 0");
    }

    /// <summary>Optimizer steps for the budget: rounded to the nearest whole step, at least one, so that the tokens
    /// trained on differ from the budget by at most half a step.</summary>
    /// <exception cref="UserException">More steps than can be counted.</exception>
    public int Steps(long nonEmbeddingParameters, long tokensPerStep)
    {
        var tokens = Tokens ?? TokensPerParameter!.Value * nonEmbeddingParameters;
        var steps = Math.Max(1, Math.Round(tokens / tokensPerStep));
        return steps <= int.MaxValue
            ? (int)steps
            : throw new UserException($"budget: {tokens:N0} tokens are {steps:N0} steps, more than this program "
                + "can count; use a larger batch");
    }
}
