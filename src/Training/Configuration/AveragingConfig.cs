namespace PretrainBench.Training.Configuration;

/// <summary>Which average of a run's weights is kept.</summary>
public enum AveragingKind
{
    /// <summary>None: the same as no section.</summary>
    None,

    /// <summary>Exponential moving average over all steps, without the initial weights.</summary>
    Ema,

    /// <summary>The mean over the last part of the run.</summary>
    Tail,
}

/// <summary>The <c>averaging</c> section of a run: an average of the weights after each step, measured beside the last
/// ones. It never changes training.</summary>
public sealed record AveragingConfig : IValidated
{
    private const double DefaultDecay = 0.999, DefaultFraction = 0.1;

    public required AveragingKind Kind { get; init; }

    /// <summary>Of <c>ema</c>: the weight of what was before at each step; default 0.999, about the last thousand
    /// steps.</summary>
    public double? Decay { get; init; }

    /// <summary>Of <c>tail</c>: the part of the run's steps that is averaged; default 0.1.</summary>
    public double? Fraction { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Decay is not (null or (> 0 and < 1))) yield return (nameof(Decay), "must be between 0 and 1");
        if (Fraction is not (null or (> 0 and <= 1)))
            yield return (nameof(Fraction), "must be greater than 0 and at most 1");
        if (Kind == AveragingKind.Tail && Decay is not null)
            yield return (nameof(Decay), "is for `kind: ema`; a tail has `fraction`");
        if (Kind == AveragingKind.Ema && Fraction is not null)
            yield return (nameof(Fraction), "is for `kind: tail`; an ema has `decay`");
    }

    /// <summary>The same with nothing left open; null for none.</summary>
    internal AveragingConfig? Resolve() => Kind switch
    {
        AveragingKind.None => null,
        AveragingKind.Ema => this with { Decay = Decay ?? DefaultDecay },
        _ => this with { Fraction = Fraction ?? DefaultFraction },
    };

    /// <summary>Steps after which a run's average begins.</summary>
    internal int Start(int steps)
        => Kind == AveragingKind.Tail ? steps - Math.Max(1, (int)Math.Round(Fraction!.Value * steps)) : 0;

    /// <summary>How much the newest weights count.</summary>
    /// <param name="count">Which it is of those averaged, from 1: the first counts whole.</param>
    internal double Share(int count)
        => Kind == AveragingKind.Tail ? 1.0 / count : (1 - Decay!.Value) / (1 - Math.Pow(Decay.Value, count));
}
