using MathNet.Numerics;

namespace PretrainBench.Theory.Quadratics;

/// <summary>One point of the picture of both phases, with the loss taken apart.</summary>
/// <param name="Optimization">What k steps have not yet removed from the kept directions.</param>
/// <param name="Approximation">What the missing directions cost.</param>
/// <param name="PhaseOnePrediction">The theorem's ½cΓ(ω+1)(2ηk)^−ω.</param>
/// <param name="SlowestTime">ηkλ_d: phase 1 below about 1, phase 2 (exponential) above.</param>
public sealed record PhasePoint(
    int Width, double Steps, double Optimization, double Approximation, double PhaseOnePrediction, double SlowestTime);

/// <summary>Optimisation loss against steps for several widths: a power law, then an exponential once ηkλ_d passes
/// 1.</summary>
internal static class PhasePicture
{
    /// <summary>Computes the picture's points for widths D, D/10, D/100, …, down to 10.</summary>
    /// <param name="points">Log-spaced steps per width, from 1 to ten times the end of phase 1.</param>
    public static IReadOnlyList<PhasePoint> Of(SpectralExponents pair, int directions, int points)
    {
        var problem = new PowerLawQuadratic(pair, directions);
        var rows = new List<PhasePoint>();
        for (var width = directions; width >= 10; width /= 10)
        {
            var slowest = problem.SlowestRate(width);
            foreach (var steps in Generate.LogSpaced(points, 0, Math.Log10(10 / slowest)))
            {
                rows.Add(new PhasePoint(
                    width,
                    steps,
                    problem.OptimizationLoss(width, steps),
                    problem.ApproximationLoss(width),
                    problem.PhaseOnePrediction(steps),
                    steps * slowest));
            }
        }
        return rows;
    }
}
