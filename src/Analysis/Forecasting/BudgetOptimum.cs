using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>The N and D that reach the least loss for a budget C = 6 N D, by the law.</summary>
/// <param name="C">The budget, FLOPs.</param>
/// <param name="Loss">The predicted loss, nats per token.</param>
/// <param name="IsOutside">Whether N or D lies outside the range of the optimizer's runs.</param>
public sealed record BudgetOptimum(string Optimizer, double C, double N, double D, double Loss, bool IsOutside)
{
    private const double FlopsPerTokenAndParameter = 6;
    private static readonly double[] BudgetFactors = [0.1, 1, 10];

    /// <summary>Optima at a tenth, once and ten times the largest budget trained.</summary>
    /// <returns>By budget and optimizer; empty where one of the two terms is absent, so that there is no
    /// optimum.</returns>
    public static IReadOnlyList<BudgetOptimum> Of(LawFit fit)
    {
        if (!fit.Parameters.All(own => own.Alpha > 0 && own.Beta > 0)) return [];
        var most = fit.Points.Max(point => FlopsPerTokenAndParameter * point.N * point.D);
        return [.. BudgetFactors.SelectMany(
            factor => fit.Model.Optimizers.Select((name, o) => At(fit, name, o, factor * most)))];
    }

    /// <summary>N and D of the least loss under C = 6 N D.</summary>
    public static (double N, double D) Place(LawModel model, int optimizer, double c)
        => EffectiveLaw.Of(model, optimizer).Optimum(c, FlopsPerTokenAndParameter);

    private static BudgetOptimum At(LawFit fit, string optimizer, int o, double c)
    {
        var (n, d) = Place(fit.Model, o, c);
        var outside = DataRange.Of(fit.Prepared.Rows, optimizer).Beyond(n, d) > Cells.Tolerance;
        return new(optimizer, c, n, d, fit.Model.Predict(o, n, d), outside);
    }
}
