using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Scaling;

/// <summary>A kept-back cell: the rate that the rule gives it, the best one, and what the difference costs.</summary>
/// <param name="Cost">Nats per token; infinite where the rule's rate diverges, a lower bound where it lies beyond the
/// ladder.</param>
/// <param name="IsBeyond">Whether the rule's rate lies beyond the ladder tried there.</param>
/// <param name="IsBestOnEdge">Whether a better rate may lie beyond that ladder, so that the cost is a lower
/// bound.</param>
public sealed record ScalingCheck(
    GridCell Cell, double Rate, double BestRate, double Cost, bool IsBeyond, bool IsBestOnEdge)
{
    /// <summary>Whether the cost is known and tolerated.</summary>
    public bool Holds(double tolerance) => Cost <= tolerance && !IsBeyond && !IsBestOnEdge;
}

/// <summary>Fits how learning rates travel to the ladders of anchors, and checks it on a size that was kept
/// back.</summary>
public sealed class ScalingFit
{
    /// <summary>Nats per token that a rule may cost where it was checked: about what two seeds of a small model
    /// differ by.</summary>
    public const double DefaultTolerance = 0.01;

    // Nats by which the curve must fall below its best rung before that counts as not found.
    private const double Noticeable = 0.005;

    private readonly IReadOnlyList<(TuningGroup Ladder, ScalingPlace Place)> _anchors, _kept;
    private readonly ScalingRule _rule;

    private ScalingFit(
        ScalingRule rule, IReadOnlyList<(TuningGroup Ladder, ScalingPlace Place)> ladders, string keptBack)
    {
        _rule = rule;
        _anchors = [.. ladders.Where(ladder => ladder.Ladder.Anchor.Size != keptBack)];
        _kept = [.. ladders.Where(ladder => ladder.Ladder.Anchor.Size == keptBack)];
    }

    /// <summary>Fits a rule to the ladders of a grid.</summary>
    /// <param name="planner">The grid, with <c>tuning.for_each: [optimizer, size]</c> at least, or rates on an
    /// axis.</param>
    /// <param name="loss">Final losses of trials.</param>
    /// <param name="keptBack">The size to check at; the largest when null.</param>
    /// <param name="tolerance">Nats per token that the rule may cost any optimizer there.</param>
    /// <exception cref="UserException">Ladders are still open, or at too few sizes.</exception>
    public static (LearningRateScaling Scaling, IReadOnlyList<ScalingCheck> Checks) Of(
        GridPlanner planner, Func<PlannedRun, double?> loss, ScalingRule rule, string? keptBack, double tolerance)
    {
        var groups = planner.Groups(loss);
        if (groups.Count(group => !group.IsDecided || group.Complete is null) is > 0 and var open)
            throw new UserException($"{open} ladders are not finished; `pretrainbench grid launch` trains what is "
                + "missing", ExitCodes.Failed);
        if (groups.FirstOrDefault(group => !group.Complete!.Any(double.IsFinite)) is { } lost)
            throw new UserException($"every rate tried at {lost.Anchor} diverged; start its ladder lower");
        var ladders = groups.Select(group => (Ladder: group, Place: planner.PlaceOf(group.Anchor))).ToList();
        var sizes = ladders.OrderBy(ladder => ladder.Place.Parameters)
            .Select(ladder => ladder.Ladder.Anchor.Size).Distinct().ToList();
        if (sizes.Count < 2)
            throw new UserException($"rates were tuned at {sizes[0]} alone, so that nothing can be kept back; tune at "
                + "several sizes with `tuning.for_each: [optimizer, size]`");
        keptBack ??= sizes[^1];
        if (!sizes.Contains(keptBack))
            throw new UserException($"`--keep-back {keptBack}`: rates were tuned at {string.Join(", ", sizes)}");
        var numbers = ladders.Where(ladder => ladder.Ladder.Anchor.Size != keptBack)
            .Select(ladder => ladder.Place.Parameters).Distinct().Count();
        if (rule == ScalingRule.Power && numbers < 2)
            throw new UserException("a power of the size needs two numbers of parameters to fit, and a size to keep "
                + $"back; rates were tuned at {string.Join(" and ", sizes)}, and {keptBack} is kept back");
        return new ScalingFit(rule, ladders, keptBack).Run(keptBack, tolerance);
    }

    private (LearningRateScaling Scaling, IReadOnlyList<ScalingCheck> Checks) Run(string keptBack, double tolerance)
    {
        var at = new ScalingPlace
        {
            Parameters = Mean(place => place.Parameters),
            Tokens = Mean(place => place.Tokens),
            Width = Mean(place => place.Width),
        };
        var scaling = new LearningRateScaling
        {
            Rule = _rule,
            At = at,
            KeptBack = keptBack,
            Optimizers = _anchors.GroupBy(anchor => anchor.Ladder.Anchor.Optimizer)
                .ToDictionary(own => own.Key, own => Fit([.. own], at)),
        };
        var checks = _kept.Select(kept => Check(scaling, kept.Ladder, kept.Place)).ToList();
        var costs = checks.GroupBy(check => check.Cell.Optimizer)
            .ToDictionary(own => own.Key, own => own.Max(check => check.Cost));
        return (scaling with
        {
            Accepted = checks.All(check => check.Holds(tolerance)),
            Optimizers = scaling.Optimizers.ToDictionary(
                own => own.Key, own => own.Value with
                {
                    Cost = double.IsFinite(costs[own.Key]) ? costs[own.Key].ToSixDigits() : null,
                }),
        }, checks);

        double Mean(Func<ScalingPlace, double> of)
            => Math.Exp(_anchors.Average(anchor => Math.Log(of(anchor.Place)))).ToSixDigits();
    }

    // Least squares in logarithms; what the anchors cannot tell stays 0.
    private OptimizerScaling Fit(List<(TuningGroup Ladder, ScalingPlace Place)> anchors, ScalingPlace at)
    {
        var best = anchors.ConvertAll(anchor => Math.Log(CurveOf(anchor.Ladder).Best().Rate));
        var size = anchors.ConvertAll(anchor => Math.Log(anchor.Place.Parameters / at.Parameters));
        var tokens = anchors.ConvertAll(anchor => Math.Log(anchor.Place.Tokens / at.Tokens));
        var known = _rule != ScalingRule.Power ? [] : Ratios(anchors) > 1 ? new[] { size, tokens } : [size];
        var width = _rule == ScalingRule.InverseWidth ? -1 : 0;
        var target = best.Select((rate, i) => rate - width * Math.Log(anchors[i].Place.Width / at.Width)).ToArray();
        var rows = Matrix<double>.Build.Dense(
            anchors.Count, 1 + known.Length, (i, column) => column == 0 ? 1 : known[column - 1][i]);
        var found = rows.QR().Solve(Vector<double>.Build.Dense(target));
        return new()
        {
            LearningRate = Math.Exp(found[0]).ToSixDigits(),
            SizeExponent = known.Length > 0 ? found[1].ToSixDigits() : 0,
            TokensExponent = known.Length > 1 ? found[2].ToSixDigits() : 0,
            WidthExponent = width,
            Trials = anchors.Max(anchor => anchor.Ladder.Rates.Count),
            OnEdge = anchors.Any(anchor => anchor.Ladder.IsBestOnEdge == true),
        };
    }

    private static ScalingCheck Check(LearningRateScaling scaling, TuningGroup ladder, ScalingPlace place)
    {
        var (curve, rate) = (CurveOf(ladder), scaling.Of(ladder.Anchor.Optimizer, place));
        var (bestRate, best) = curve.Best();
        var edge = rate < ladder.Rates[0] ? ladder.Rates[0] : ladder.Rates[^1];
        var reached = curve.At(rate);
        return new(ladder.Anchor, rate, bestRate,
            Math.Max(0, (reached ?? curve.At(edge)!.Value) - best), IsBeyond: reached is null,
            IsBestOnEdge: ladder.IsBestOnEdge == true || reached < best - Noticeable);
    }

    private static int Ratios(List<(TuningGroup Ladder, ScalingPlace Place)> anchors)
        => anchors.Select(anchor => anchor.Ladder.Anchor.TokensPerParameter).Distinct().Count();

    private static RateCurve CurveOf(TuningGroup ladder) => new(ladder.Rates, ladder.Complete!);
}
