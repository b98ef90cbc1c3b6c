using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Quadratics;

/// <summary>Where Chinchilla-like laws come from: gradient descent on power-law quadratics gives a power law in steps
/// with exponent ω and one in width with exponent aω (Volkova et al., arXiv 2602.07712, section 6).</summary>
public static class QuadraticsLab
{
    /// <summary>Runs the lab. Equal configurations give equal results on any number of threads.</summary>
    /// <param name="progress">Told after each measurement; may be null.</param>
    /// <exception cref="UserException">The configuration cannot be used; the message says why.</exception>
    public static QuadraticsResult Run(
        QuadraticsConfig config, IProgress<LabProgress>? progress = null, CancellationToken cancellation = default)
    {
        config.ThrowIfInvalid("theory quadratic", config.Family);
        var directions = config.Full ? 10 * config.Directions : config.Directions;
        var cells =
            config.PreconditionerPowers.SelectMany(power => config.Pairs().Select(pair => (pair, power))).ToArray();
        var counter = new LabProgressCounter(progress, cells.Length + 1);
        var measurements = new ExponentMeasurement[cells.Length];
        new LabParallel(cancellation).For(cells.Length, i =>
        {
            measurements[i] = ExponentMeasurement.Of(cells[i].pair, directions, cells[i].power, config.PointsPerFit);
            counter.Advance("exponents");
        });

        var phases = PhasePicture.Of(config.Picture, directions, config.PointsPerFit);
        var bySteps = OptimizerFamily.BySteps(config.Family);
        var byPreconditioner = OptimizerFamily.ByPreconditioner(config.Family);
        FamilyComparison[] comparisons =
        [
            FamilyComparison.Of("step size", bySteps, config.Family.Seed),
            FamilyComparison.Of("preconditioner", byPreconditioner, config.Family.Seed),
        ];
        counter.Advance("phases, families and laws");
        return new QuadraticsResult(config, measurements, phases, bySteps, byPreconditioner, comparisons);
    }
}
