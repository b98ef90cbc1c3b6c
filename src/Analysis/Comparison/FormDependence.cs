using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Comparison;

/// <summary>What another form of law, which AICc prefers, says of a saving.</summary>
/// <param name="AiccGain">By how much AICc prefers it to the law that savings are read off.</param>
/// <param name="Share">The optimizer's tokens over the reference's for the same loss, by that law.</param>
public sealed record FormDependence(string Law, double AiccGain, string Optimizer, double N, double D, double Share)
{
    /// <summary>Every optimizer's saving at its largest trained size by the form that AICc prefers; empty when that is
    /// the law that savings are read off.</summary>
    public static IReadOnlyList<FormDependence> Of(
        ComparisonResult comparison, LawFit fit, IReadOnlyList<TokenAdvantage> advantages)
    {
        var forms = comparison.Laws.Where(
            law => law.Fit.Model.Law.HasVariablesOf(fit.Model.Law) && double.IsFinite(law.Aicc)).ToList();
        var own = forms.FirstOrDefault(law => law.Law == fit.Law);
        var preferred = forms.MinBy(law => law.Aicc);
        if (own is null || preferred is null || preferred == own) return [];
        return [.. from advantage in advantages
                   where !advantage.IsExtrapolated
                   group advantage by advantage.Optimizer into sizes
                   let last = sizes.Last()
                   where preferred.Fit.Model.Optimizers.Contains(last.Optimizer)
                   let optimizer = preferred.Fit.Model.IndexOf(last.Optimizer)
                   select new FormDependence(preferred.Law, own.Aicc - preferred.Aicc, last.Optimizer, last.N, last.D,
                       TokenAdvantage.ShareOf(preferred.Fit.Model, optimizer, last.N, last.D))];
    }
}
