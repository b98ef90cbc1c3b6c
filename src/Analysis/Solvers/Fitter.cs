using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Fits a law to a table.</summary>
public static class Fitter
{
    /// <summary>Fits a law.</summary>
    /// <param name="law">The law; see <see cref="LawRegistry"/>.</param>
    /// <param name="options">Solver, delta, reference optimizer; defaults when null.</param>
    /// <returns>Parameters, quality, the solver's report and findings.</returns>
    /// <exception cref="Core.UserException">The runs cannot determine the law, or an option cannot be used.</exception>
    public static LawFit Fit(RunTable table, Law law, FitOptions? options = null)
    {
        law = RepeatedData.For(law, table.Rows);
        FitRequirements.Check(table, law);
        options ??= new();
        var fit = Solve(table, new(table.Rows, law, options));
        if (options.Weights == RunWeights.None) return fit;
        var (weights, told) = VarianceWeights.Of(fit);
        fit = Solve(table, new(table.Rows, law, options, weights: weights));
        return fit with { Findings = [.. fit.Findings, told] };
    }

    /// <summary>Fits a law to the optimizers that have runs enough for it; the others are set aside, with a finding,
    /// rather than taking the law away from everyone.</summary>
    /// <exception cref="Core.UserException">The runs cannot determine the law, or an option cannot be used.</exception>
    public static LawFit FitWithoutThin(RunTable table, Law law, FitOptions? options = null)
    {
        var thin = FitRequirements.Thin(table, law);
        if (thin.Count == 0) return Fit(table, law, options);
        var fit = Fit(table.With([.. table.Rows.Where(row => !thin.Contains(row.Optimizer))]), law, options);
        return fit with { Findings = [FitRequirements.ThinFinding(law, thin), .. fit.Findings] };
    }

    /// <summary>The reported parameters of a model.</summary>
    internal static IReadOnlyList<OptimizerParameters> Parameters(LawModel model, IReadOnlyList<int> runs)
    {
        var reference = model.Coefficients(model.Reference);
        var paysInCompute = model.Law.PaysInCompute;
        return [.. model.Optimizers.Select((name, o) =>
        {
            var own = model.Coefficients(o);
            var rho = model.Law.SharesExponents;
            return new OptimizerParameters
            {
                Optimizer = name, Runs = runs[o],
                E = model.Law.Floor == Sharing.Absent ? double.NaN : own.E,
                A = rho ? reference.A : own.A,
                B = model.Law.Second == Sharing.Absent ? double.NaN : rho ? reference.B : own.B,
                Alpha = own.Alpha, Beta = own.Beta,
                Gamma = model.Law.Joining == Joining.OuterExponent ? own.Shape : double.NaN,
                Kappa = model.Law.Joining == Joining.Interaction ? own.Shape : double.NaN,
                RepeatConstant = model.Law.SecondVariable == LawVariable.RepeatedTokens
                    ? 1 / Math.Max(own.Shape, 1 / RepeatedData.AsGoodAsNew) : double.NaN,
                RhoN = model.RhoN(o), RhoD = model.RhoD(o),
                RhoC = paysInCompute ? model.RhoSecond(o) : double.NaN,
                Cost = paysInCompute ? model.Cost(o) : double.NaN,
            };
        })];
    }

    private static LawFit Solve(RunTable table, PreparedFit fit)
    {
        var solutions = new FitWorkspace(fit).Solve();
        var model = fit.Model(fit.Coefficients(solutions));
        var points = table.Rows.Select((row, i) => new FittedPoint(row.Label, row.Optimizer, row.Size, row.N, row.D,
            row.Loss, model.Predict(row), fit.Weights[i])).ToList();
        var free = fit.Law.ParameterCount(fit.Optimizers.Count);
        var runs = fit.Optimizers.Select((_, o) => fit.Group.Count(group => group == o)).ToList();
        var diagnostics = fit.Parts.Select((part, p) => Conditioning.Describe(fit, part, solutions[p], model)).ToList();
        return WithGamma(new LawFit
        {
            Law = fit.Law.Name,
            Formula = fit.Law.Formula,
            Solver = fit.Options.Solver,
            HuberDelta = fit.Options.Solver == SolverKind.Huber ? fit.Options.HuberDelta : null,
            Reference = fit.Optimizers[fit.Reference],
            Runs = table.Rows.Count,
            RowsLeftOut = table.Excluded.Count,
            FreeParameters = free,
            Parameters = Parameters(model, runs),
            Quality = Quality(points, free, solutions.Sum(solution => solution.Objective)),
            Diagnostics = diagnostics,
            Points = points,
            Findings = FitFindings.Of(table, fit, model, diagnostics),
            Model = model,
            Prepared = fit,
        });
    }

    // An interval of the outer exponent needs the residuals and all derivatives, which are known last.
    private static LawFit WithGamma(LawFit fit) => fit.Model.Law.Joining != Joining.OuterExponent ? fit : fit with
    {
        Diagnostics = [.. fit.Diagnostics.Select((part, p) => part with { Gamma = GammaInterval.Of(fit, p) })],
    };

    private static FitQuality Quality(List<FittedPoint> points, int free, double objective)
    {
        var squares = points.Sum(point => point.Residual * point.Residual);
        var weighted = points.Sum(point => point.Weighted * point.Weighted);
        var mean = points.Average(point => point.Loss);
        var spread = points.Sum(point => (point.Loss - mean) * (point.Loss - mean));
        return new(
            objective, squares / points.Count, points.Average(point => Math.Abs(point.Residual) / point.Loss),
            Math.Sqrt(weighted / Math.Max(points.Count - free, 1)), spread > 0 ? 1 - squares / spread : double.NaN,
            Aicc(weighted, points.Count, free) - points.Sum(point => Math.Log(point.Weight)));
    }

    /// <summary>n log(Σr²/n) + 2k + 2k(k+1)/(n−k−1), k counting the residual variance too (Hurvich and Tsai
    /// 1989); of weighted runs Σ w r², and − Σ log w belongs to their likelihood.</summary>
    internal static double Aicc(double squares, int n, int free)
    {
        var k = free + 1;
        return n - k - 1 <= 0
            ? double.PositiveInfinity
            : n * Math.Log(squares / n) + 2 * k + 2.0 * k * (k + 1) / (n - k - 1);
    }
}
