using System.Text.Json.Serialization;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>The N and D that reach the least loss for a budget C = 6 N D, by the law.</summary>
/// <param name="C">The budget, FLOPs.</param>
/// <param name="Loss">The predicted loss, nats per token.</param>
/// <param name="IsOutside">Whether N or D lies outside the range of the optimizer's runs.</param>
/// <param name="LowN">Lower end of the bootstrap's interval of N.</param>
/// <param name="HighN">Upper end of it; null in JSON (infinity) where too many draws have no optimum.</param>
public sealed record BudgetOptimum(
    string Optimizer, double C, double N, double D, double Loss, bool IsOutside, double LowN, double HighN)
{
    private const double FlopsPerTokenAndParameter = 6;
    private static readonly double[] BudgetFactors = [0.1, 1, 10];

    /// <summary>Whether the interval of N is narrow enough to advise one.</summary>
    [JsonIgnore]
    public bool IsDetermined => HighN <= Determination.Widest * LowN;

    /// <summary>Optima at a tenth, once and ten times the largest budget trained.</summary>
    /// <returns>By budget and optimizer; nothing for an optimizer whose law the runs do not determine.</returns>
    public static IReadOnlyList<BudgetOptimum> Of(LawFit fit, BootstrapResult bootstrap)
    {
        var determination = Determination.Of(fit, bootstrap);
        var most = fit.Points.Max(point => FlopsPerTokenAndParameter * point.N * point.D);
        return [.. from factor in BudgetFactors
                   from name in fit.Model.Optimizers
                   let o = fit.Model.IndexOf(name)
                   where determination.Allows(name) && EffectiveLaw.Of(fit.Model, o).HasBothPowers
                   select At(fit, bootstrap, o, factor * most)];
    }

    /// <summary>N and D of the least loss under C = 6 N D.</summary>
    public static (double N, double D) Place(LawModel model, int optimizer, double c)
        => EffectiveLaw.Of(model, optimizer).Optimum(c, FlopsPerTokenAndParameter);

    private static BudgetOptimum At(LawFit fit, BootstrapResult bootstrap, int o, double c)
    {
        var optimizer = fit.Model.Optimizers[o];
        var (n, d) = Place(fit.Model, o, c);
        var outside = DataRange.Of(fit.Prepared.Rows, optimizer).Beyond(n, d) > Cells.Tolerance;
        // Without one of the powers nothing bounds the best N.
        double[] draws = [.. bootstrap.Models.Select(model => EffectiveLaw.Of(model, o).HasBothPowers
            ? Place(model, o, c).N : double.PositiveInfinity).Order()];
        var (low, high) = DrawStatistics.Interval(draws, bootstrap.Confidence);
        return new(optimizer, c, n, d, fit.Model.Predict(o, n, d), outside, low, double.IsNaN(high)
            ? double.PositiveInfinity : high);
    }
}
