using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>How the numbers were made, plainly.</summary>
internal static class MethodSection
{
    public static void Add(HtmlPage page, ReportInput input)
    {
        var section = page.Section("Method", "method");
        List<HtmlText> steps =
        [
            "Data: only losses at the end of a schedule, on the whole validation set, enter a fit. Runs that diverged "
                + "or did not finish are listed and left out.",
        ];
        if (input.Main is { } fit)
        {
            steps.Add(fit.Solver switch
            {
                SolverKind.LeastSquares =>
                    "Fit: least squares on the loss. At fixed exponents the law is linear, so the best coefficients "
                    + "(none negative) follow for each pair of exponents, and the search for the best pair covers "
                    + "the whole plane; no starting guess is involved.",
                SolverKind.Huber =>
                    "Fit: Huber loss of the residual of the log loss, delta "
                        + $"{Say.Three(fit.HuberDelta ?? double.NaN)}, from many starts.",
                _ => "Fit: least absolute residual of the log loss, from many starts.",
            });
        }
        if (input.Bootstrap is { } bootstrap)
        {
            steps.Add($"Intervals: {bootstrap.Replicates:N0} refits to drawn {AdvantageFigures.Words(input)} (seed "
                + $"{bootstrap.Seed}), "
                + $"{Say.Percent(bootstrap.Confidence)} percentile intervals. "
                + (bootstrap.Kind == BootstrapKind.Noise
                    ? "The noise is as large as the residuals tell: a part of each run, and one that all runs of a "
                        + "cell (and of a trunk) share; its size is drawn too. An error that all cells share cannot "
                        + "be seen."
                    : "Drawing runs again shows how much the numbers depend on which runs were made; "
                        + "it cannot show errors that all runs share."));
        }
        if (input.Profiles.Count > 0)
            steps.Add(
                "Profile intervals: the values of ρ at which the best fit of everything else is not significantly "
                    + "worse, by the F distribution with independent residuals of one size.");
        if (input.Advantages.Count > 0)
        {
            steps.Add(
                $"Savings: the optimizer's tokens over the tokens at which {input.Reference} reaches the same "
                + "predicted loss at the same N, at the table's median ratio of tokens to parameters "
                + $"({Say.Ratio(input.Advantages[0].D / input.Advantages[0].N)}).");
            steps.Add("Told apart: all optimizers at that scale are asked at once (the largest of their differences "
                + "over the draws), so that an interval which just leaves out zero may not suffice; without a law, by "
                + "Student's t over cells and Bonferroni's correction.");
        }
        if (input.SpeedUps.Count > 0)
        {
            steps.Add(
                $"Size by size: {input.Reference}'s losses at one size are fitted by a power of D/N and a "
                + "constant, inverted at the other's losses (the procedure of Wen et al., arXiv 2509.02046); no "
                + "interval comes out of it.");
        }
        if (input.Comparison is not null)
        {
            steps.Add(
                "Held out: each run, each size, each next larger size from all smaller ones, and the largest from all "
                + "smaller ones; the laws are refitted without them. Differences between laws are drawn again over "
                + "the held-out runs, in pairs.");
        }
        if (input.Cells.Count > 0)
        {
            steps.Add("Cell by cell: a difference that luck reaches in 5 % of cases is a tie (Student's t). How far "
                + $"luck reaches is {Noise(input.Noise)}.");
        }
        section.List(steps);
    }

    private static string Noise(LossNoise? noise) => noise is null
        ? "not known: no seed was repeated, and no law could be fitted"
        : $"read off {noise.Words}: {Say.Three(noise.Deviation)} nats, {noise.DegreesOfFreedom:0} degrees of freedom"
            + (noise.Source == NoiseSource.Residuals ? "; it holds the law's lack of fit too" : "");
}
