namespace PretrainBench.Grids.Verifying;

/// <summary>Something wrong in a grid's folder.</summary>
/// <param name="Path">Where.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Cure">What to do about it.</param>
/// <param name="Repaired">Where it was set aside, or the like; null when nothing was done.</param>
public sealed record GridFinding(string Path, string Problem, string Cure, string? Repaired = null)
{
    /// <summary>As one line.</summary>
    public override string ToString()
        => Repaired is null ? $"{Path}: {Problem}: {Cure}" : $"{Path}: {Problem}; set aside as {Repaired}: {Cure}";
}
