using PretrainBench.Analysis.Laws;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Design;

/// <summary>A search for the cheapest grid.</summary>
public sealed record GridSearchRequest : IValidated
{
    private const int MostChoices = 12;

    /// <summary>The two optimizers to tell apart, the reference first.</summary>
    public (string Reference, string Other) Optimizers { get; init; } = (Baseline.Optimizer, "other");

    public required IReadOnlyList<double> Sizes { get; init; }

    /// <summary>Tokens for each parameter that could be trained.</summary>
    public required IReadOnlyList<double> Ratios { get; init; }

    public int MostSeeds { get; init; } = 5;

    /// <summary>Most FLOPs at 6 N D, both optimizers together.</summary>
    public required double FlopBudget { get; init; }

    /// <summary>The rhoD (or rhoN) that must be told from 1.</summary>
    public required double Rho { get; init; }

    /// <summary>Which rho: rhoD or rhoN.</summary>
    public string Parameter { get; init; } = "rhoD";

    public string Law { get; init; } = "shared";

    public required DesignNoise Noise { get; init; }

    /// <summary>What is assumed to be true besides rho.</summary>
    public DesignTruth Truth { get; init; } = new();

    /// <summary>How many learning rates are tried in each cell: every run costs this many.</summary>
    public int TuningTrials { get; init; } = 1;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Sizes.Count is 0 or > MostChoices || Sizes.Any(n => !(n > 0)))
            yield return (nameof(Sizes), $"give 1 to {MostChoices}, all above zero");
        if (Ratios.Count is 0 or > MostChoices || Ratios.Any(r => !(r > 0)))
            yield return (nameof(Ratios), $"give 1 to {MostChoices} tokens-per-parameter ratios above zero");
        if (!(FlopBudget > 0)) yield return (nameof(FlopBudget), "must be above zero");
        if (!(Rho > 0) || Rho == 1) yield return (nameof(Rho), "must be above zero and differ from 1, such as 1.1");
        if (Noise.Problem is { } problem) yield return (nameof(Noise), problem);
        if (MostSeeds < 1) yield return (nameof(MostSeeds), "must be at least 1");
        if (TuningTrials < 1) yield return (nameof(TuningTrials), "must be at least 1");
        var law = LawRegistry.Get(Law);
        var sharing = Parameter switch { "rhoN" => law.First, "rhoD" => law.Second, _ => Sharing.Absent };
        if (!law.SharesExponents || sharing != Sharing.PerOptimizer || law.SecondVariable != LawVariable.Tokens)
            yield return (nameof(Parameter), $"law '{Law}' has no parameter {Parameter} in N and D");
    }
}

/// <summary>A grid that tells two optimizers apart.</summary>
/// <param name="Ratios">Its tokens for each parameter.</param>
/// <param name="Runs">Runs in the fit, both optimizers together.</param>
/// <param name="Flops">Its cost at 6 N D, tuning included.</param>
/// <param name="DetectableRho">The smallest rho that it tells from 1.</param>
public sealed record CandidateGrid(
    IReadOnlyList<double> Sizes, IReadOnlyList<double> Ratios, int Seeds, int Runs, double Flops,
    double StandardErrorOfLogRho, double DetectableRho);

/// <summary>The outcome of a search for the cheapest grid.</summary>
/// <param name="Cheapest">The cheapest grid that tells the optimizers apart; null when none within the budget
/// does.</param>
/// <param name="MostPrecise">The most precise grid within the budget; null when none is affordable.</param>
/// <param name="Considered">Grids that the law can be fitted to and the budget allows.</param>
/// <param name="Statement">The same in words.</param>
public sealed record GridSearchResult(CandidateGrid? Cheapest, CandidateGrid? MostPrecise, int Considered,
    string Statement);
