using MathNet.Numerics.Distributions;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>An interval of a rho from its profile: the values at which the best fit is not significantly
/// worse.</summary>
/// <param name="Parameter">rhoN, rhoD or rhoC.</param>
/// <param name="Low">Lower end; 0 when the data set none.</param>
/// <param name="High">Upper end; null in JSON (infinity) when the data set none.</param>
/// <param name="DiffersFromOne">Whether 1, the reference, lies outside.</param>
public sealed record ProfileInterval(
    string Optimizer, string Parameter, double Estimate, double Low, double High, double Confidence,
    bool DiffersFromOne);

/// <summary>Profile intervals for rho. With rho held at a value the law is still linear at fixed exponents: the
/// optimizer's coefficient is the reference's, its variable moved by log rho. The interval is { rho : S(rho) ≤ S_min (1
/// + t²_{n−p} / (n − p)) }, S the least sum of squares (Bates and Watts 1988, section 6.1).</summary>
public static class ProfileIntervals
{
    private const double FarthestLog = 7;

    /// <summary>Intervals of every rho of the law.</summary>
    /// <param name="fit">A least-squares fit of a law that shares exponents.</param>
    /// <returns>One interval for each rho that is free.</returns>
    /// <exception cref="UserException">The fit is not by least squares.</exception>
    public static IReadOnlyList<ProfileInterval> Of(LawFit fit, double confidence = BootstrapOptions.DefaultConfidence)
    {
        if (fit.Solver != SolverKind.LeastSquares)
            throw new UserException(
                "Profile intervals rest on the sum of squares: use --solver least-squares, "
                    + "or the bootstrap for other solvers.");
        var law = fit.Model.Law;
        if (!law.SharesExponents) return [];
        var jobs = new List<(int Term, int Optimizer, string Name, double Estimate)>();
        for (var o = 0; o < fit.Parameters.Count; o++)
        {
            if (o == fit.Model.Reference) continue;
            if (law.First == Sharing.PerOptimizer) jobs.Add((1, o, "rhoN", fit.Model.RhoN(o)));
            if (law.Second == Sharing.PerOptimizer) jobs.Add((2, o, law.SecondEfficiency, fit.Model.RhoSecond(o)));
        }
        var intervals = new ProfileInterval[jobs.Count];
        Parallel.For(0, jobs.Count, fit.Prepared.Options.Parallel(), i =>
        {
            var (term, o, name, estimate) = jobs[i];
            var (low, high) = double.IsFinite(estimate)
                ? Interval(fit, term, o, Math.Log(estimate), confidence)
                : (0, double.PositiveInfinity);
            intervals[i] = new(fit.Parameters[o].Optimizer, name, estimate, low, high, confidence, low > 1 || high < 1);
        });
        return intervals;
    }

    private static (double Low, double High) Interval(LawFit fit, int term, int optimizer, double centre,
        double confidence)
    {
        var freedom = Math.Max(fit.Runs - fit.FreeParameters, 1);
        var t = StudentT.InvCDF(0, 1, freedom, (1 + confidence) / 2);
        var least = fit.Quality.Objective;
        // A noiseless table has an interval of no width; the last term keeps rounding from opening it.
        var allowed = least * t * t / freedom + 1e-14 * fit.Prepared.Loss.Sum(loss => loss * loss) * 1e-6;
        double Root(double logRho)
            => Math.Sqrt(Math.Max(Profile(fit, term, optimizer, logRho) - least, 0) / allowed) - 1;
        return (Math.Exp(Edge(Root, centre, -1)), Math.Exp(Edge(Root, centre, +1)));
    }

    private static double Profile(LawFit fit, int term, int optimizer, double logRho)
    {
        var held =
            new PreparedFit(fit.Prepared.Rows, fit.Model.Law, fit.Prepared.Options, new(term, optimizer, logRho),
                fit.Prepared.Weights);
        return new FitWorkspace(held).Refit(null).Sum(part => part.Objective);
    }

    // Where the root of the excess crosses one, on one side; ±∞ when it does not within e^±7.
    private static double Edge(Func<double, double> root, double centre, int side)
    {
        double inner = 0, innerValue = -1, outer = 0.02, outerValue = root(centre + side * outer);
        while (outerValue < 0)
        {
            if (outer > FarthestLog) return side * double.PositiveInfinity;
            (inner, innerValue) = (outer, outerValue);
            outer *= 2;
            outerValue = root(centre + side * outer);
        }
        for (var round = 0; round < 60 && outer - inner > 1e-6 * outer; round++)
        {
            // The root of the excess is nearly straight, so that false position does it; the middle keeps it honest.
            var guess = round % 3 == 2
                ? 0.5 * (inner + outer)
                : inner - innerValue * (outer - inner) / (outerValue - innerValue);
            var value = root(centre + side * guess);
            if (Math.Abs(value) < 1e-7) return centre + side * guess;
            if (value < 0) (inner, innerValue) = (guess, value);
            else (outer, outerValue) = (guess, value);
        }
        return centre + side * 0.5 * (inner + outer);
    }
}
