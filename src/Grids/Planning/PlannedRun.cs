using PretrainBench.Core.Configuration;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>A run of the plan: written once, never changed.</summary>
/// <param name="RunId">The run's identity and the name of its folder.</param>
/// <param name="Cell">Its place in the grid.</param>
/// <param name="IsTrial">Whether it was planned to choose a learning rate; it may be a cell's run as well.</param>
/// <param name="Config">The run's configuration.</param>
/// <param name="Tokens">Tokens that it trains on.</param>
/// <param name="Flops">Floating-point operations of its forward and backward passes.</param>
public sealed record PlannedRun(
    string RunId, GridCell Cell, bool IsTrial, ConfigMapping Config, long Tokens, double Flops)
{
    /// <summary>The configuration, read.</summary>
    public RunConfig ReadConfig() => ConfigBinder.Bind<RunConfig>(Config, $"run {RunId}");
}
