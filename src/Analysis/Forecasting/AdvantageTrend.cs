using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>
/// Whether an optimizer's share of the reference's tokens changes with size, between the sizes that both have runs of.
/// </summary>
/// <param name="FirstN">The smallest such size, parameters.</param>
/// <param name="Change">log(share at the largest) − log(share at the smallest): below zero, what it saves
/// grows.</param>
/// <param name="IsResolved">Whether the change differs from zero, all optimizers asked at once.</param>
public sealed record AdvantageTrend(string Optimizer, double FirstN, double LastN, double Change, bool IsResolved)
{
    /// <summary>The trends of all optimizers that have advantages at two trained sizes or more.</summary>
    public static IReadOnlyList<AdvantageTrend> Of(LawFit fit, BootstrapResult bootstrap,
        IReadOnlyList<TokenAdvantage> advantages)
    {
        var trained = advantages.Where(advantage => !advantage.IsExtrapolated).GroupBy(advantage => advantage.Optimizer)
            .Select(own => (Index: fit.Model.IndexOf(own.Key), First: own.First(), Last: own.Last()))
            .Where(own => own.First != own.Last).ToList();
        double Change(LawModel model, (int Index, TokenAdvantage First, TokenAdvantage Last) own)
            => TokenAdvantage.LogShareOf(model, own.Index, own.Last.N, own.Last.D)
                - TokenAdvantage.LogShareOf(model, own.Index, own.First.N, own.First.D);
        var changes = trained.Select(own => Change(fit.Model, own)).ToList();
        var draws = trained.Select(own => bootstrap.Models.Select(model => Change(model, own)).ToArray()).ToList();
        var differ = SimultaneousTest.Differ(changes, draws, bootstrap.Confidence);
        return [.. trained.Select(
            (own, k) => new AdvantageTrend(own.First.Optimizer, own.First.N, own.Last.N, changes[k], differ[k]))];
    }
}
