using PretrainBench.Core.Configuration;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>A run of the plan: written once, never changed.</summary>
/// <param name="RunId">The run's identity and the name of its folder.</param>
/// <param name="Cell">Its place in the grid.</param>
/// <param name="IsTrial">Whether it was planned to choose a learning rate; it may be a cell's run as well.</param>
/// <param name="Config">The run's configuration.</param>
/// <param name="Flops">Floating-point operations of its forward and backward passes.</param>
/// <param name="Trunk">What it shares with runs of other lengths; null: nothing.</param>
public sealed record PlannedRun(
    string RunId, GridCell Cell, bool IsTrial, ConfigMapping Config, long Tokens, double Flops,
    TrunkPlace? Trunk = null)
{
    /// <summary>Tokens that are trained on for this run alone, those that it takes over from its trunk left
    /// out.</summary>
    public long OwnTokens => Tokens - (Trunk?.SharedTokens ?? 0);

    /// <summary>FLOPs that are spent for this run alone.</summary>
    public double OwnFlops => Flops * OwnTokens / Tokens;

    /// <summary>What it is to runs of other lengths: <c>trunk</c>, <c>branch</c>, or nothing.</summary>
    public string TrunkRole => Trunk switch
    {
        { BranchSteps.Count: > 0 } => "trunk",
        { SharedSteps: > 0 } => "branch",
        _ => "",
    };

    public RunConfig ReadConfig() => ConfigBinder.Bind<RunConfig>(Config, $"run {RunId}");
}

/// <summary>A run's place among those that share a trunk.</summary>
/// <param name="RunId">The trunk: the longest of them.</param>
/// <param name="SharedSteps">Steps taken over from the trunk; 0 for the trunk and for a trial, which is trained
/// alone.</param>
/// <param name="SharedTokens">The tokens of these steps.</param>
/// <param name="BranchSteps">Of the trunk: the steps at which the others leave.</param>
public sealed record TrunkPlace(string RunId, int SharedSteps, long SharedTokens, IReadOnlyList<int> BranchSteps);

/// <summary>One combination of the axes' values.</summary>
/// <param name="Optimizer">The name on the optimizer axis.</param>
/// <param name="Size">The model's size.</param>
/// <param name="TokensPerParameter">Tokens per non-embedding parameter.</param>
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
