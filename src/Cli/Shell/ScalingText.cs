using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Scaling;

namespace PretrainBench.Cli.Shell;

/// <summary>How learning rates travel, in words.</summary>
internal static class ScalingText
{
    public static string Of(
        LearningRateScaling scaling, IReadOnlyList<ScalingCheck> checks, double tolerance, string? file)
        => Form(scaling) + "\n"
            + Tables.Render(["optimizer", "rate there", "size exponent", "tokens exponent", "trials", "on an edge"],
                [.. scaling.Optimizers.Select(own => new[]
                {
                    own.Key, own.Value.LearningRate.Rounded(4), own.Value.SizeExponent.Fixed(3),
                    own.Value.TokensExponent.Fixed(3), $"{own.Value.Trials}", own.Value.OnEdge == true ? "yes" : "no",
                })])
            + "\nkept back:\n"
            + Tables.Render(["cell", "the rule's rate", "best tried", "cost, nats per token"],
                [.. checks.Select(check => new[]
                {
                    check.Cell.ToString(), check.Rate.Rounded(4), check.BestRate.Rounded(4),
                    (double.IsFinite(check.Cost) ? check.Cost.Fixed(4) : "diverges")
                        + (check.IsBeyond ? " at least: beyond the ladder"
                            : check.IsBestOnEdge ? " at least: the best lies on the ladder's edge" : ""),
                })])
            + (scaling.Accepted == true
                ? $"accepted: at most {checks.Max(check => check.Cost).Fixed(4)} nats per token are lost at "
                    + $"{scaling.KeptBack} ({tolerance.Rounded(3)} tolerated)"
                : "refused: " + string.Join("; ", checks.Where(check => !check.Holds(tolerance)).Select(check =>
                    check.IsBeyond ? $"{check.Cell}: the rate lies beyond what was tried there"
                    : check.IsBestOnEdge ? $"{check.Cell}: its own best rate was not found"
                    : $"{check.Cell} loses more than {tolerance.Rounded(3)} nats per token"))
                    + "; another rule may do, or rates tuned at every size")
            + (file is null ? "" : $"\nwritten to {file}; `scaling: {file}` in a grid uses it instead of `tuning`");

    private static string Form(LearningRateScaling scaling)
        => scaling.Rule switch
        {
            ScalingRule.Fixed => "learning rate, the same at every size",
            ScalingRule.InverseWidth => $"learning rate ∝ 1/width, at width {scaling.At.Width.Rounded(4)}",
            _ => "learning rate ∝ N^a"
                + (scaling.Optimizers.Values.Any(own => own.TokensExponent != 0) ? " D^b" : "")
                + $", at N = {Quantity.Count(scaling.At.Parameters)} parameters and "
                + $"D = {Quantity.Count(scaling.At.Tokens)} tokens",
        };
}
