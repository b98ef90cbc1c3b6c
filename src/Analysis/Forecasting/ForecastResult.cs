namespace PretrainBench.Analysis.Forecasting;

/// <summary>A number with the interval that the bootstrap gives it.</summary>
/// <param name="Low">Lower end; null in JSON where draws are infinite or undefined.</param>
/// <param name="High">Upper end; null in JSON where draws are infinite or undefined.</param>
public sealed record Estimate(double Value, double Low, double High);

/// <summary>A predicted loss.</summary>
/// <param name="Loss">The law's loss and its interval.</param>
/// <param name="RunLow">Lower end for a single new run: the residual deviation is added.</param>
/// <param name="RunHigh">Upper end for a single new run.</param>
/// <param name="Beyond">How far outside the data: the largest factor by which N or D leaves their range; 1
/// inside.</param>
public sealed record LossForecast(
    string Optimizer, double N, double D, Estimate Loss, double RunLow, double RunHigh, double Beyond)
{
    /// <summary>Whether the runs determine the optimizer's law; where not, the numbers mean little.</summary>
    public bool IsDetermined { get; init; } = true;
}

/// <summary>The best use of a budget by one optimizer.</summary>
/// <param name="C">The budget, in FLOPs (or seconds for a law in seconds).</param>
/// <param name="Beyond">The factor by which N or D leaves the range of the data; 1 inside.</param>
public sealed record OptimalForecast(
    string Optimizer, double C, Estimate N, Estimate D, Estimate Loss, double Beyond);

/// <summary>What one optimizer saves over another at the loss that it reaches.</summary>
public sealed record SavingsForecast
{
    public required string Optimizer { get; init; }

    public required string Over { get; init; }

    public required double N { get; init; }

    /// <summary>Tokens of the optimizer that saves.</summary>
    public required double D { get; init; }

    public required double Loss { get; init; }

    /// <summary>Tokens that the other needs at the same N, divided by <see cref="D"/>; infinite when it never gets
    /// there.</summary>
    public required Estimate TokenFactor { get; init; }

    public required Estimate TokensSaved { get; init; }

    /// <summary>FLOPs saved at the same N, at each optimizer's measured FLOPs for each token and parameter, else
    /// 6.</summary>
    public required Estimate FlopsSaved { get; init; }

    /// <summary>Hours saved at the same N, at each optimizer's measured time; null where the table has no
    /// seconds.</summary>
    public Estimate? HoursSaved { get; init; }

    /// <summary>FLOPs of the other divided by FLOPs of this one, each at its own best N and D for the loss.</summary>
    public required Estimate ComputeFactor { get; init; }

    /// <summary>The factor by which N, D or the other's tokens leave the range of the data; 1 inside.</summary>
    public required double Beyond { get; init; }

    /// <summary>Whether there is no doubt which of the two needs fewer tokens, all claims of the forecast asked at
    /// once (max-t over the draws).</summary>
    public bool IsResolved { get; init; }
}

/// <summary>Forecasts from one law.</summary>
public sealed record ForecastResult
{
    public required string Law { get; init; }

    /// <summary>Nominal coverage of the intervals.</summary>
    public required double Confidence { get; init; }

    /// <summary>Losses at the points asked for, for every optimizer.</summary>
    public required IReadOnlyList<LossForecast> Losses { get; init; }

    /// <summary>Best uses of the budgets, for every optimizer whose law the runs determine.</summary>
    public required IReadOnlyList<OptimalForecast> Optima { get; init; }

    /// <summary>Savings at the points asked for, for every optimizer but the one compared with; none where the runs do
    /// not determine the law.</summary>
    public required IReadOnlyList<SavingsForecast> Savings { get; init; }

    /// <summary>Advantages by scale, for every optimizer but the one compared with; none where the runs do not
    /// determine the law.</summary>
    public required IReadOnlyList<AdvantageForecast> Advantages { get; init; }

    /// <summary>Losses and savings averaged over forms of law; null where it was not asked for.</summary>
    public FormAverage? Average { get; init; }

    /// <summary>What a reader must be told; extrapolation above all.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}
