using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Design;

/// <summary>What planned cells bear of a law.</summary>
/// <param name="Problem">Why it cannot be fitted; null where it can.</param>
/// <param name="Untested">The ways of holding runs out that leave too little to fit the law to.</param>
public sealed record LawReach(string Law, string? Problem, IReadOnlyList<HoldOutProtocol> Untested);

/// <summary>What planned cells can tell at all, by the rules of <see cref="Fitter"/> and of the comparison of laws:
/// whatever the losses will be.</summary>
/// <param name="Laws">The laws that are fitted where none is named.</param>
/// <param name="OneRatio">Whether all cells have the same tokens per parameter: what N does is not told from what D
/// does.</param>
/// <param name="NoiseFreedom">Runs beyond the first of each cell, from which the noise between seeds is
/// measured.</param>
public sealed record DesignReach(IReadOnlyList<LawReach> Laws, bool OneRatio, int NoiseFreedom)
{
    private static readonly HoldOutProtocol[] Protocols = [.. Enum.GetValues<HoldOutProtocol>()
        .Except([HoldOutProtocol.InSample])];

    /// <exception cref="Core.UserException">The cells cannot be used.</exception>
    public static DesignReach Of(IReadOnlyList<PlannedCell> cells)
    {
        var rows = GridDesign.Rows(cells, new DesignTruth());
        return new(
            [.. LawRegistry.Default.Select(law => Of(rows, law))],
            FitFindings.FixedRatio(rows),
            SeedNoise.Estimate(rows)?.DegreesOfFreedom ?? 0);
    }

    private static LawReach Of(IReadOnlyList<RunRow> rows, Law law)
    {
        if (FitRequirements.Problem(rows, law) is { } problem) return new(law.Name, problem, Protocols);
        var fit = new PreparedFit(rows, law, new FitOptions());
        return new(law.Name, null, [.. Protocols.Where(protocol => HoldOut.Folds(fit, protocol, []).Count == 0)]);
    }
}
