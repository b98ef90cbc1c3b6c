using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>What a noise of final losses was measured on.</summary>
public enum NoiseSource
{
    /// <summary>Cells that were trained with several seeds.</summary>
    [JsonStringEnumMemberName("repeats")]
    Repeats,

    /// <summary>The runs' distances from a fitted law, which hold its lack of fit too.</summary>
    [JsonStringEnumMemberName("residuals")]
    Residuals,
}

/// <summary>
/// The measured noise of one run's final loss. There is no default: a table that shows none has none.
/// </summary>
/// <param name="Deviation">Standard deviation, nats per token.</param>
/// <param name="DegreesOfFreedom">What the estimate rests on.</param>
public sealed record LossNoise(double Deviation, double DegreesOfFreedom, NoiseSource Source)
{
    /// <summary>What it is, in words.</summary>
    [JsonIgnore]
    public string Words => Source == NoiseSource.Repeats ? "the noise between seeds"
        : "the law's residual deviation (no seed is repeated)";

    /// <summary>From repeated seeds; without them from a law's residuals; null when there is neither.</summary>
    /// <param name="fit">A law fitted to the table; null when none could be.</param>
    public static LossNoise? Of(RunTable table, LawFit? fit)
    {
        if (SeedNoise.Estimate(table.Rows) is { } seeds)
            return new(seeds.Deviation, seeds.DegreesOfFreedom, NoiseSource.Repeats);
        var freedom = fit is null ? 0 : fit.Runs - fit.FreeParameters;
        return freedom < 1 ? null : new(fit!.Quality.ResidualDeviation, freedom, NoiseSource.Residuals);
    }

    /// <summary>
    /// The difference of two means of so many runs that luck alone reaches in no more than 1 − confidence of cases,
    /// by Student's t at these degrees of freedom; nats per token.
    /// </summary>
    public double Threshold(int runs, int otherRuns, double confidence = BootstrapOptions.DefaultConfidence)
        => StudentT.InvCDF(0, 1, DegreesOfFreedom, (1 + confidence) / 2)
            * Deviation * Math.Sqrt(1.0 / runs + 1.0 / otherRuns);
}
