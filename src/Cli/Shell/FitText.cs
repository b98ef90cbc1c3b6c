using PretrainBench.Analysis;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Cli.Shell;

/// <summary>A fitted law in words and numbers.</summary>
internal static class FitText
{
    public static string Of(LawFit fit)
    {
        var columns = Columns(fit).Where(column => fit.Parameters.Any(own => !double.IsNaN(column.Get(own)))).ToList();
        var rows = fit.Parameters.Select(own => (IReadOnlyList<string>)
            [own.Optimizer, own.Runs.ToString(), .. columns.Select(column => Number(column.Get(own)))]).ToList();
        var solver = fit.HuberDelta is { } delta
            ? $"Huber, delta {delta}"
            : fit.Solver == SolverKind.LeastSquares ? "least squares" : "least absolute deviation";
        return $"{fit.Law}: {fit.Formula}\n"
            + Tables.Render(["optimizer", "runs", .. columns.Select(column => column.Name)], rows)
            + $"{fit.Runs} runs, {fit.FreeParameters} free parameters, {solver}; mean error "
            + $"{fit.Quality.MeanRelativeError.Percent(2)} of the loss, residual deviation "
            + $"{fit.Quality.ResidualDeviation.Fixed(4)} nats per token\n"
            + string.Concat(fit.Diagnostics.Where(part => part.Gamma is not null).Select(Gamma))
            + string.Concat(fit.Findings.Select(finding => Line(finding) + "\n"))
            + string.Concat(ResidualCheck.Deciding(ResidualCheck.Of(fit)).Select(what => $"warning: {what}\n"));
    }

    public static string Line(Finding finding)
        => $"{finding.Severity.ToString().ToLowerInvariant()}: {finding.Message}";

    private static string Gamma(FitDiagnostics part)
        => $"gamma{(part.Optimizers.Count == 1 ? $" of {part.Optimizers[0]}" : "")} {part.Gamma!.Value.Rounded(4)} "
            + $"(95 %: {part.Gamma.Low.Rounded(3)} to {part.Gamma.High.Rounded(3)})\n";

    private static IReadOnlyList<(string Name, Func<OptimizerParameters, double> Get)> Columns(LawFit fit) =>
    [
        ("E", own => own.E), ("A", own => own.A), ("alpha", own => own.Alpha), ("B", own => own.B),
        ("beta", own => own.Beta), ("gamma", own => own.Gamma), ("kappa", own => own.Kappa),
        ("R_D*", own => own.RepeatConstant),
        ("rho_N", own => own.RhoN), ("rho_D", own => own.RhoD), ("rho_C", own => own.RhoC),
    ];

    private static string Number(double value) => double.IsNaN(value) ? "" : value.Rounded(4);
}
