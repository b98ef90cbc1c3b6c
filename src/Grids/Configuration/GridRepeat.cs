using PretrainBench.Core.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>Further seeds at one cell of the grid, for every optimizer and batch size: what seeds alone change is
/// measured there, and judges differences everywhere.</summary>
public sealed record GridRepeat : IValidated
{
    private const string Cure = "repeat a cell of the grid, or none: `repeats=[]`";

    /// <summary>A size of the axis.</summary>
    public required string Size { get; init; }

    /// <summary>A ratio of the axis.</summary>
    public required double TokensPerParameter { get; init; }

    /// <summary>Seeds beside those of the axis; one that is there too is trained once.</summary>
    public required IReadOnlyList<ulong> Seed { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Seed.Count == 0) yield return (nameof(Seed), "at least one is needed");
    }

    /// <summary>What does not fit the axes.</summary>
    internal IEnumerable<string> Problems(GridAxes axes)
    {
        if (!axes.Size.Contains(Size))
            yield return $"size: `{Size}` is not on the size axis{Suggestion.For(Size, axes.Size)}; {Cure}";
        if (!axes.TokensPerParameter.Contains(TokensPerParameter))
            yield return $"tokens_per_parameter: {TokensPerParameter} is not on its axis; {Cure}";
    }
}
