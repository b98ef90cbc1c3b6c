using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Design;

/// <summary>The noise of final losses that a design counts on, in parts: deviations in nats per token.</summary>
/// <param name="Run">Of each run alone.</param>
/// <param name="Cell">Shared by all runs of a cell: it moves all optimizers alike, and no number of seeds lowers
/// it.</param>
/// <param name="Trunk">Shared by the branches of a trunk.</param>
public sealed record DesignNoise(double Run, double Cell = 0, double Trunk = 0)
{
    /// <summary>What runs that exist show: the parts of a fit's residuals, and at least what repeated seeds
    /// say.</summary>
    public static DesignNoise From(RunTable table, LawFit fit)
    {
        var (run, cell, trunk) = NoiseModel.Of(fit).Variances;
        return new(
            Math.Max(Math.Sqrt(run), SeedNoise.Estimate(table.Rows)?.Deviation ?? 0),
            Math.Sqrt(cell), Math.Sqrt(trunk));
    }

    /// <summary>What is wrong with the values; null when nothing is.</summary>
    internal string? Problem
        => !(Run > 0) || !double.IsFinite(Run)
            ? $"{Run} nats for each run: must be above zero; repeated seeds measure it"
            : !(Cell >= 0 && Trunk >= 0) || !double.IsFinite(Cell + Trunk)
            ? $"{Cell} nats shared in a cell, {Trunk} in a trunk: must not be below zero" : null;
}
