using MathNet.Numerics;

namespace PretrainBench.Theory.Quadratics;

/// <summary>Predicted and measured exponents of one pair (a, b) and preconditioner.</summary>
/// <param name="PredictedSteps">ω / (1 − p).</param>
/// <param name="MeasuredSteps">Slope of the optimisation loss in steps, with the infinite tail.</param>
/// <param name="MeasuredWidth">Slope in width of the loss after enough steps that only approximation is left.</param>
/// <param name="PrefactorRatio">Loss over the theorem's ½cΓ(ω+1)(2ηk)^−ω in the middle of the window; 1 when
/// exact.</param>
/// <param name="MeasuredWidthCutAtD">The width exponent when the tail is cut at D instead of infinity: biased, for the
/// record.</param>
public sealed record ExponentMeasurement(
    SpectralExponents Exponents,
    double PreconditionerPower,
    double PredictedSteps,
    double MeasuredSteps,
    double PredictedWidth,
    double MeasuredWidth,
    double PrefactorRatio,
    double MeasuredWidthCutAtD)
{
    /// <summary>Where the fit in steps begins, in units of ηk: before it, single directions are seen.</summary>
    public const double FirstTime = 30;

    /// <summary>The least ratio of the window's ends that is accepted.</summary>
    public const double NarrowestWindow = 5;

    /// <summary>The relative error of the exponent in steps.</summary>
    public double StepError => MeasuredSteps / PredictedSteps - 1;

    /// <summary>The relative error of the exponent in width.</summary>
    public double WidthError => MeasuredWidth / PredictedWidth - 1;

    /// <summary>Where the fit in steps ends, in units of ηk: a tenth of 1/(2 λ_D^(1−p)), well inside phase 1.</summary>
    public static double LastTime(SpectralExponents pair, int directions, double preconditionerPower)
        => 0.1 / (2 * Math.Pow(directions, -pair.A * (1 - preconditionerPower)));

    public static ExponentMeasurement Of(SpectralExponents pair, int directions, double preconditionerPower, int points)
    {
        var problem = new PowerLawQuadratic(pair, directions, preconditionerPower);
        var times = Generate.LogSpaced(points, Math.Log10(FirstTime),
            Math.Log10(LastTime(pair, directions, preconditionerPower)));
        var tail = problem.ApproximationLoss(directions);
        var losses = Array.ConvertAll(times, time => problem.OptimizationLoss(directions, time) + tail);
        var middle = times[points / 2];

        double[] widths = [.. Generate.LogSpaced(points, 1, Math.Log10(directions / 10.0))
            .Select(width => Math.Round(width)).Distinct()];
        var trained = Array.ConvertAll(widths, width => LossWhenTrained(problem, (int)width));
        var cut = Array.ConvertAll(trained, loss => loss - tail);
        return new ExponentMeasurement(
            pair,
            preconditionerPower,
            problem.PredictedStepExponent,
            -PowerLaw.SlopeOf(times, losses),
            problem.PredictedWidthExponent,
            -PowerLaw.SlopeOf(widths, trained),
            losses[points / 2] / problem.PhaseOnePrediction(middle),
            -PowerLaw.SlopeOf(widths, cut));
    }

    // The whole loss of a width after 20 time constants of its slowest direction: e^−40 of its optimisation loss is
    // left.
    private static double LossWhenTrained(PowerLawQuadratic problem, int width)
        => problem.OptimizationLoss(width, 20 / problem.SlowestRate(width)) + problem.ApproximationLoss(width);
}
