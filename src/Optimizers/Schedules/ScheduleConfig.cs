using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers;

/// <summary>The shape of the learning rate over a run.</summary>
public enum ScheduleKind
{
    /// <summary>Half a cosine from the peak to the final fraction at the last step.</summary>
    Cosine,

    /// <summary>A straight line from the peak to the final fraction.</summary>
    Linear,

    /// <summary>Warm-up, stable, decay (Hu et al., arXiv 2404.06395): constant, then down during the last
    /// part.</summary>
    Wsd,

    /// <summary>Constant after the warm-up.</summary>
    Constant,
}

/// <summary>How a WSD schedule falls; x runs from 0 to 1 during the decay.</summary>
public enum DecayShape
{
    /// <summary>1 − x.</summary>
    Linear,

    /// <summary>1 − √x (Hägele et al., arXiv 2405.18392).</summary>
    OneMinusSqrt,

    /// <summary>(1 + cos πx)/2.</summary>
    Cosine,
}

/// <summary>The learning-rate schedule of a run; its length is the run's.</summary>
public sealed record ScheduleConfig : IValidated
{
    public ScheduleKind Kind { get; init; } = ScheduleKind.Cosine;

    /// <summary>Linear warm-up as a fraction of the run's steps; holds when neither steps nor tokens are
    /// given.</summary>
    public double WarmupFraction { get; init; } = 0.05;

    /// <summary>Linear warm-up in steps; null for the fraction.</summary>
    public long? WarmupSteps { get; init; }

    /// <summary>Linear warm-up in tokens, rounded to steps by <see cref="ForBatch"/>; null for the fraction.</summary>
    public long? WarmupTokens { get; init; }

    /// <summary>The factor at the end of the run, as a fraction of the peak; not for
    /// <see cref="ScheduleKind.Constant"/>.</summary>
    public double FinalFraction { get; init; }

    /// <summary>The part of the run during which a WSD schedule falls.</summary>
    public double DecayFraction { get; init; } = 0.2;

    /// <summary>How a WSD schedule falls.</summary>
    public DecayShape DecayShape { get; init; } = DecayShape.Linear;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (WarmupFraction is < 0 or >= 1) yield return (nameof(WarmupFraction), "must be at least 0 and less than 1");
        if (WarmupSteps < 0) yield return (nameof(WarmupSteps), "must not be negative");
        if (WarmupTokens < 0) yield return (nameof(WarmupTokens), "must not be negative");
        if (WarmupSteps is not null && WarmupTokens is not null)
            yield return (nameof(WarmupTokens), "give either warmup_steps or warmup_tokens");
        if (FinalFraction is < 0 or > 1) yield return (nameof(FinalFraction), "must be between 0 and 1");
        if (DecayFraction is <= 0 or > 1) yield return (nameof(DecayFraction), "must be greater than 0 and at most 1");
    }

    /// <summary>The same schedule with a warm-up in tokens turned into steps.</summary>
    public ScheduleConfig ForBatch(long tokensPerStep)
        => WarmupTokens is not { } tokens ? this
            : this with { WarmupTokens = null, WarmupSteps = (long)Math.Round(tokens / (double)tokensPerStep) };

    /// <summary>The learning rate of a step as a fraction of the peak. The first step has 1/warm-up (never 0), the last
    /// step of the warm-up has 1, and the final fraction is reached at <paramref name="totalSteps"/>, one step after
    /// the last.</summary>
    /// <param name="step">Counted from 0.</param>
    /// <param name="totalSteps">The run's length.</param>
    /// <exception cref="InvalidOperationException">The warm-up is in tokens; call <see cref="ForBatch"/>
    /// first.</exception>
    public double Factor(long step, long totalSteps)
    {
        var warmup = Warmup(totalSteps);
        if (step < warmup) return (step + 1.0) / warmup;
        var start = DecayStart(totalSteps);
        if (step < start || Kind == ScheduleKind.Constant) return 1;
        var x = totalSteps == start ? 1 : Math.Min(1, (step - start) / (double)(totalSteps - start));
        return FinalFraction + (1 - FinalFraction) * Remaining(x);
    }

    /// <summary>The first step of the fall, counted from 0. Runs whose WSD schedules have the same warm-up in steps are
    /// the same run up to the shorter one's.</summary>
    /// <param name="totalSteps">The run's length.</param>
    /// <exception cref="InvalidOperationException">As <see cref="Factor"/>.</exception>
    public long DecayStart(long totalSteps)
    {
        var warmup = Warmup(totalSteps);
        return Kind == ScheduleKind.Wsd
            ? Math.Max(warmup, totalSteps - (long)Math.Round(DecayFraction * totalSteps))
            : warmup;
    }

    /// <summary>The warm-up's length in steps.</summary>
    /// <param name="totalSteps">The run's length.</param>
    /// <exception cref="InvalidOperationException">As <see cref="Factor"/>.</exception>
    public long Warmup(long totalSteps)
    {
        if (WarmupTokens is not null) throw new InvalidOperationException("A warm-up in tokens needs ForBatch first.");
        return Math.Min(WarmupSteps ?? (long)Math.Round(WarmupFraction * totalSteps), totalSteps);
    }

    private double Remaining(double x) => Kind switch
    {
        ScheduleKind.Linear => 1 - x,
        ScheduleKind.Wsd when DecayShape == DecayShape.Linear => 1 - x,
        ScheduleKind.Wsd when DecayShape == DecayShape.OneMinusSqrt => 1 - Math.Sqrt(x),
        _ => (1 + Math.Cos(Math.PI * x)) / 2,
    };
}
