using MathNet.Numerics.Distributions;

namespace PretrainBench.Analysis.Solvers;

/// <summary>An outer exponent with its 95 % interval by the curvature of the least squares: Student's t times the
/// residual deviation over what of its derivative no other parameter explains. Symmetric in its logarithm.</summary>
/// <param name="High">Upper end; null in JSON where the runs set none.</param>
public sealed record GammaInterval(double Value, double Low, double High)
{
    private const double Confidence = 0.95;

    internal static GammaInterval Of(LawFit fit, int part)
    {
        var value = fit.Model.Coefficients(fit.Prepared.Parts[part].Optimizers[0]).Shape;
        var alone = FitJacobian.GammaAlone(fit, part);
        var freedom = Math.Max(fit.Runs - fit.FreeParameters, 1);
        var width = StudentT.InvCDF(0, 1, freedom, (1 + Confidence) / 2) * fit.Quality.ResidualDeviation
            / (alone * value);
        return new(value, value * Math.Exp(-width), value * Math.Exp(width));
    }
}
