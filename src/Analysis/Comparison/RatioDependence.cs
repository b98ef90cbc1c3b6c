using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Comparison;

/// <summary>Another number of tokens per parameter at which the order of an optimizer and the reference is the other
/// way round, as far as draws tell.</summary>
/// <param name="Share">The optimizer's tokens over the reference's for the same loss, there.</param>
public sealed record RatioDependence(string Optimizer, double N, double TokensPerParameter, double Share)
{
    /// <summary>Looks at the shortest and the longest training of each optimizer, at the largest size of its
    /// savings.</summary>
    public static IReadOnlyList<RatioDependence> Of(
        LawFit fit, BootstrapResult bootstrap, IReadOnlyList<TokenAdvantage> advantages)
        => [.. from sizes in advantages.Where(advantage => !advantage.IsExtrapolated).GroupBy(own => own.Optimizer)
               let last = sizes.Last()
               where last.IsResolved
               from ratio in Ends(fit, last)
               let optimizer = fit.Model.IndexOf(last.Optimizer)
               let share = TokenAdvantage.ShareOf(fit.Model, optimizer, last.N, ratio * last.N)
               let draws = bootstrap.Models
                   .Select(model => TokenAdvantage.ShareOf(model, optimizer, last.N, ratio * last.N))
                   .Where(double.IsFinite).Order().ToArray()
               where draws.Length > 0 && double.IsFinite(share)
               let interval = DrawStatistics.Interval(draws, bootstrap.Confidence)
               where last.Share < 1 ? interval.Low > 1 : interval.High < 1
               select new RatioDependence(last.Optimizer, last.N, ratio, share)];

    private static IEnumerable<double> Ends(LawFit fit, TokenAdvantage advantage)
    {
        var ratios = fit.Points.Where(point => point.Optimizer == advantage.Optimizer)
            .Select(point => point.D / point.N).ToList();
        return [ratios.Min(), ratios.Max()];
    }
}
