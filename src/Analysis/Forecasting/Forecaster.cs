using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>Forecasts from a fitted law and its bootstrap.</summary>
public sealed class Forecaster
{
    /// <summary>
    /// The factor beyond an optimizer's own runs up to which it is forecast without being asked for explicitly.
    /// </summary>
    public const double FarthestBeyond = 10;

    private readonly LawFit _fit;
    private readonly BootstrapResult _bootstrap;
    private readonly DataRange[] _ranges;
    private readonly EffectiveLaw[] _laws;
    private readonly EffectiveLaw[][] _draws;
    private readonly double[] _flopCost, _budgetCost;
    private readonly double[]? _secondCost;

    /// <summary>Prepares forecasts.</summary>
    /// <param name="bootstrap">Its bootstrap: where the intervals come from.</param>
    /// <exception cref="UserException">The law has no powers of N and D to forecast with.</exception>
    public Forecaster(LawFit fit, BootstrapResult bootstrap)
    {
        if (fit.Model.Law.Second == Sharing.Absent)
            throw new UserException(
                $"Law '{fit.Law}' does not tell N from D, so it cannot forecast "
                    + "them; use 'shared' or 'per-optimizer'.");
        (_fit, _bootstrap) = (fit, bootstrap);
        var rows = fit.Prepared.Rows;
        _ranges = [.. fit.Model.Optimizers.Select(name => DataRange.Of(rows, name))];
        _laws = Laws(fit.Model);
        _draws = [.. bootstrap.Models.Select(Laws)];
        _flopCost = [
            .. fit.Model.Optimizers.Select(
                name => Mean(rows.Where(row => row.Optimizer == name), row => row.Flops) ?? 6)];
        var seconds = fit.Model.Optimizers.Select(
            name => Mean(rows.Where(row => row.Optimizer == name), row => row.Seconds)).ToList();
        _secondCost = seconds.All(cost => cost != null) ? [.. seconds.Select(cost => cost!.Value)] : null;
        _budgetCost = fit.Model.Law.SecondVariable == LawVariable.TokensBySeconds ? _secondCost! : _flopCost;
    }

    /// <summary>Forecasts everything that is asked for.</summary>
    /// <param name="forms">Forms of law to average over too; null: none.</param>
    /// <exception cref="UserException">The request cannot be used, or lies too far outside every optimizer's
    /// runs.</exception>
    public ForecastResult Run(ForecastRequest request, AveragedForms? forms = null)
    {
        request.ThrowIfInvalid("the forecast");
        var over = request.Over == null ? _fit.Model.Reference : _fit.Model.IndexOf(request.Over);
        var most = request.BeyondRange ? double.PositiveInfinity : FarthestBeyond;
        var ratio = request.TokensPerParameter;
        var determination = Determination.Of(_fit, _bootstrap);
        bool IsDetermined(int o) => determination.Allows(_fit.Model.Optimizers[o]);
        var all = Enumerable.Range(0, _laws.Length).ToList();
        var losses = request.Points
            .SelectMany(point => all.Select(o => Loss(o, point.N, point.D) with { IsDetermined = IsDetermined(o) }))
            .ToLookup(loss => loss.Beyond <= most);
        // Nothing is claimed of what the runs do not determine.
        var optima = request.Budgets.SelectMany(budget => all.Where(o => _laws[o].HasBothPowers && IsDetermined(o))
            .Select(o => Optimum(o, budget))).ToLookup(optimum => optimum.Beyond <= most);
        List<int> rivals = [.. all.Where(o => o != over && IsDetermined(o) && IsDetermined(over))];
        var savings = request.Points.SelectMany(point => rivals
            .Where(o => Allows(o, over, point.N, point.D, most))
            .Select(o => (O: o, point.N, point.D, Needed: Needed(o, over, point.N, point.D))))
            .ToLookup(at => _ranges[over].Beyond(at.N, at.Needed) <= most);
        List<Finding> refused = [.. losses[false].Select(loss => Refused(loss.Optimizer, loss.N, loss.D)),
            .. optima[false].Select(optimum => Refused(optimum.Optimizer, optimum.N.Value, optimum.D.Value)),
            .. savings[false].Select(at => Refused(_fit.Model.Optimizers[over], at.N, at.Needed)),
            .. rivals.Where(o => !Sizes(o, over, request, most).Any()).Select(o => Refused(
                _fit.Model.Optimizers[o], TrainedByBoth(o, over).N, ratio * TrainedByBoth(o, over).N))];
        if (refused.Count > 0 && !losses[true].Any() && !optima[true].Any())
            throw new UserException($"every forecast asked for is refused; the first: {refused[0].Message}");
        var warnings = losses[true].Select(loss => Range(loss.Optimizer).Warn(loss.N, loss.D))
            .Concat(optima[true].Select(optimum => Range(optimum.Optimizer).Warn(optimum.N.Value, optimum.D.Value)))
            .Concat(savings[true].Select(at => _ranges[over].Warn(at.N, at.Needed)));
        var saved = savings[true].ToList();
        List<(int O, double N)> gained = [.. rivals.SelectMany(o => Sizes(o, over, request, most)
            .Select(n => (o, n)))];
        var told = Told([.. saved.Select(at => LogShare(at.O, over, at.N, at.D)),
            .. gained.Select(at => Gain(at.O, over, at.N, ratio))]);
        return new()
        {
            Law = _fit.Law,
            Confidence = _bootstrap.Confidence,
            Losses = [.. losses[true]],
            Optima = [.. optima[true]],
            Average = forms is null ? null : new(forms.Weights, [.. losses[true].Select(loss => Average(forms, loss,
                saved.Any(at => at.N == loss.N && at.D == loss.D && at.O == _fit.Model.IndexOf(loss.Optimizer))
                    ? over : null))]),
            Savings = [.. saved.Select((at, k) => Savings(at.O, over, at.N, at.D, at.Needed) with
            {
                IsResolved = told[k],
            })],
            Advantages = [.. gained.Zip(told.Skip(saved.Count), (at, resolved) => (at.O, at.N, resolved))
                .GroupBy(at => at.O)
                .Select(own => Advantage(own.Key, over, request, [.. own.Select(at => (at.N, at.resolved))]))],
            Findings = [.. new[] { determination.Finding(_fit) }.OfType<Finding>(), .. _fit.Findings,
                .. Strangers(saved.Select(at => at.O).Concat(gained.Select(at => at.O)).Distinct(), over), .. refused,
                .. warnings.OfType<Finding>().DistinctBy(finding => finding.Message)],
        };
    }

    // Whatever is said of them, no size has been seen with both.
    private IEnumerable<Finding> Strangers(IEnumerable<int> optimizers, int over)
        => from o in optimizers
           where _ranges[o].CommonSizes(_ranges[over]).Count == 0
           select new Finding(Severity.Warning, "no-common-size", $"No size was trained with both "
               + $"{_fit.Model.Optimizers[o]} and {_fit.Model.Optimizers[over]}: what is said of the two together "
               + "rests on the law alone.");

    private Finding Refused(string optimizer, double n, double d)
        => new(Severity.Warning, "too-far-outside", $"{Range(optimizer).Outside(n, d)}. Beyond {FarthestBeyond} times "
            + "nothing is forecast unless --beyond-range asks for it.");

    private AveragedPoint Average(AveragedForms forms, LossForecast at, int? over)
    {
        var o = _fit.Model.IndexOf(at.Optimizer);
        return new(at.Optimizer, at.N, at.D, forms.Estimate(model => EffectiveLaw.Of(model, o).Loss(at.N, at.D)),
            over is null ? null : forms.Estimate(model => TokenAdvantage.ShareOf(model, o, at.N, at.D, over)));
    }

    private DataRange Range(string optimizer) => _ranges[_fit.Model.IndexOf(optimizer)];

    private bool Allows(int o, int over, double n, double d, double most)
        => _ranges[o].Beyond(n, d) <= most && _ranges[over].Beyond(n, d) <= most;

    private static EffectiveLaw[] Laws(LawModel model)
        => [.. Enumerable.Range(0, model.Optimizers.Count).Select(o => EffectiveLaw.Of(model, o))];

    private static double? Mean(IEnumerable<RunRow> rows, Func<RunRow, double?> paid)
    {
        var logs = rows.Where(row => paid(row) != null)
            .Select(row => Math.Log(paid(row)!.Value / (row.N * row.D))).ToList();
        return logs.Count == 0 ? null : Math.Exp(logs.Average());
    }

    private Estimate Estimate(Func<EffectiveLaw[], double> quantity)
    {
        var draws = _draws.Select(quantity).Where(value => !double.IsNaN(value)).Order().ToArray();
        var (low, high) = DrawStatistics.Interval(draws, _bootstrap.Confidence);
        return new(quantity(_laws), low, high);
    }

    private LossForecast Loss(int o, double n, double d)
    {
        var loss = Estimate(laws => laws[o].Loss(n, d));
        // The law's own deviation and a run's around it are independent, so that their squares add.
        var z = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (1 + _bootstrap.Confidence) / 2)
            * _fit.Quality.ResidualDeviation;
        double Widen(double end) => Math.Sqrt(Math.Pow(end - loss.Value, 2) + z * z);
        return new(_fit.Model.Optimizers[o], n, d, loss, loss.Value - Widen(loss.Low), loss.Value + Widen(loss.High),
            _ranges[o].Beyond(n, d));
    }

    private OptimalForecast Optimum(int o, double budget)
    {
        var cost = _budgetCost[o];
        double Value(EffectiveLaw law, Func<(double N, double D), double> of) =>
            law.HasBothPowers ? of(law.Optimum(budget, cost)) : double.NaN;
        var (n, d) =
            (Estimate(laws => Value(laws[o], point => point.N)), Estimate(laws => Value(laws[o], point => point.D)));
        var loss = Estimate(laws => Value(laws[o], point => laws[o].Loss(point.N, point.D)));
        return new(_fit.Model.Optimizers[o], budget, n, d, loss, _ranges[o].Beyond(n.Value, d.Value));
    }

    /// <summary>The other's tokens for the same loss; where it never gets there, as many as the first one's.</summary>
    private double Needed(int o, int over, double n, double d)
        => _laws[over].TokensFor(n, _laws[o].Loss(n, d)) is var needed && double.IsFinite(needed) ? needed : d;

    private SavingsForecast Savings(int o, int over, double n, double d, double needed)
    {
        double Tokens(EffectiveLaw[] laws) => laws[over].TokensFor(n, laws[o].Loss(n, d));
        double Paid(EffectiveLaw[] laws, double[] cost) => n * (cost[over] * Tokens(laws) - cost[o] * d);
        return new()
        {
            Optimizer = _fit.Model.Optimizers[o],
            Over = _fit.Model.Optimizers[over],
            N = n,
            D = d,
            Loss = _laws[o].Loss(n, d),
            TokenFactor = Estimate(laws => Tokens(laws) / d),
            TokensSaved = Estimate(laws => Tokens(laws) - d),
            FlopsSaved = Estimate(laws => Paid(laws, _flopCost)),
            HoursSaved = _secondCost == null ? null : Estimate(laws => Paid(laws, _secondCost) / 3600),
            ComputeFactor = Estimate(laws => ComputeFactor(laws, o, over, n, d)),
            Beyond = Math.Max(_ranges[o].Beyond(n, d), _ranges[over].Beyond(n, needed)),
        };
    }

    private double ComputeFactor(EffectiveLaw[] laws, int o, int over, double n, double d)
    {
        if (!laws[o].HasBothPowers || !laws[over].HasBothPowers) return double.NaN;
        var loss = laws[o].Loss(n, d);
        return laws[over].ComputeFor(loss, _flopCost[over]) / laws[o].ComputeFor(loss, _flopCost[o]);
    }

    /// <summary>Which quantities differ from zero, all claims of a forecast asked at once: with optimizers that are
    /// alike, one forecast in twenty names a winner, however many optimizers and sizes it looks at.</summary>
    private bool[] Told(IReadOnlyList<Func<EffectiveLaw[], double>> quantities)
        => SimultaneousTest.Differ([.. quantities.Select(quantity => quantity(_laws))],
            [.. quantities.Select(quantity => _draws.Select(quantity).ToArray())], _bootstrap.Confidence);

    private static Func<EffectiveLaw[], double> LogShare(int o, int over, double n, double d)
        => laws => TokenAdvantage.LogOf(d / laws[over].TokensFor(n, laws[o].Loss(n, d)));

    private static Func<EffectiveLaw[], double> Gain(int o, int over, double n, double ratio)
        => laws => laws[over].Loss(n, ratio * n) - laws[o].Loss(n, ratio * n);

    // From the smallest size that both have to the largest that is looked at, four to a factor of ten.
    private IEnumerable<double> Sizes(int o, int over, ForecastRequest request, double most)
    {
        var last = Math.Max(request.LargestN, TrainedByBoth(o, over).N) * 1.0001;
        for (var n = Math.Max(_ranges[o].N.Low, _ranges[over].N.Low); n <= last; n *= Math.Pow(10, 0.25))
            if (Allows(o, over, n, request.TokensPerParameter * n, most)) yield return n;
    }

    private (double N, double D) TrainedByBoth(int o, int over)
        => (Math.Min(_ranges[o].N.High, _ranges[over].N.High), Math.Min(_ranges[o].D.High, _ranges[over].D.High));

    private AdvantageForecast Advantage(int o, int over, ForecastRequest request, (double N, bool IsTold)[] sizes)
    {
        var ratio = request.TokensPerParameter;
        var noise = request.SeedNoise ?? SeedNoise.Estimate(_fit.Prepared.Rows)?.Deviation;
        var threshold = noise == null ? 0 : 2 * Math.Sqrt(2) * noise.Value;
        List<AdvantagePoint> points = [.. sizes.Select(size =>
        {
            var gain = Estimate(Gain(o, over, size.N, ratio));
            return new AdvantagePoint(size.N, ratio * size.N, gain,
                size.IsTold && Math.Abs(gain.Value) > threshold);
        })];
        return AdvantageForecast.Of(_fit.Model.Optimizers[o], _fit.Model.Optimizers[over], ratio, points,
            TrainedByBoth(o, over), noise, _bootstrap.Confidence);
    }
}
