using PretrainBench.Core;

namespace PretrainBench.Analysis.Laws;

/// <summary>The laws by name. A new one is an entry of <see cref="All"/>: prediction, gradient, solvers, intervals,
/// protocols, the help and the default comparison follow.</summary>
public static class LawRegistry
{
    /// <summary>Every optimizer has its own floor, coefficients and exponents.</summary>
    public static Law PerOptimizer { get; } = new("per-optimizer", "L_o = E_o + A_o / N^alpha_o + B_o / D^beta_o")
    {
        SharesExponents = false,
        Floor = Sharing.PerOptimizer,
    };

    /// <summary>Optimizers share floor and exponents and differ in how far a parameter and a token go.</summary>
    public static Law Shared { get; } = new("shared", "L_o = E + A / (rhoN_o N)^alpha + B / (rhoD_o D)^beta");

    public static IReadOnlyList<Law> All { get; } =
    [
        PerOptimizer,
        Shared,

        // Optimizers differ only in how far a token goes; only in how far a parameter goes.
        new("shared-rho-d", "L_o = E + A / N^alpha + B / (rhoD_o D)^beta") { First = Sharing.Shared },
        new("shared-rho-n", "L_o = E + A / (rhoN_o N)^alpha + B / D^beta") { Second = Sharing.Shared },

        // Optimizers share exponents but not the floor that they approach.
        new("shared-free-floor", "L_o = E_o + A / (rhoN_o N)^alpha + B / (rhoD_o D)^beta")
        {
            Floor = Sharing.PerOptimizer,
        },

        // N and D help each other (gamma below 1) or hinder: Kaplan et al.'s form in N and D (arXiv 2001.08361, eq.
        // 1.5) with a floor.
        new("per-optimizer-gamma", "L_o = E_o + (A_o / N^alpha_o + B_o / D^beta_o)^gamma_o")
        {
            SharesExponents = false, Floor = Sharing.PerOptimizer, Joining = Joining.OuterExponent,
        },
        new("shared-gamma", "L_o = E + (A / (rhoN_o N)^alpha + B / (rhoD_o D)^beta)^gamma")
        {
            Joining = Joining.OuterExponent,
        },

        // What parameters bring depends on tokens: the product of the powers, first of the mixed terms in which any
        // smooth function of the two differs from their sum.
        new("per-optimizer-interaction",
            "L_o = E_o + u + v + kappa_o u v, u = A_o / N^alpha_o, v = B_o / D^beta_o")
        {
            SharesExponents = false, Floor = Sharing.PerOptimizer, Joining = Joining.Interaction,
        },
        new("shared-interaction",
            "L_o = E + u + v + kappa u v, u = A / (rhoN_o N)^alpha, v = B / (rhoD_o D)^beta")
        {
            Joining = Joining.Interaction,
        },

        // Tokens seen again count for less.
        new("per-optimizer-repeated", "L_o = E_o + A_o / N^alpha_o + B_o / D'^beta_o, "
            + "D' = U (1 + R_o* (1 - exp(-R / R_o*))), R = D / U - 1")
        {
            SharesExponents = false, Floor = Sharing.PerOptimizer, Joining = Joining.Repeats,
            SecondVariable = LawVariable.RepeatedTokens,
        },
        new("shared-repeated", "L_o = E + A / (rhoN_o N)^alpha + B / (rhoD_o D')^beta, "
            + "D' = U (1 + R* (1 - exp(-R / R*))), R = D / U - 1")
        {
            Joining = Joining.Repeats, SecondVariable = LawVariable.RepeatedTokens,
        },

        // A run is paid for in FLOPs or measured seconds, the optimizer's step included, instead of tokens.
        new("shared-flops", "L_o = E + A / (rhoN_o N)^alpha + B / (rhoC_o C / (k_ref N))^beta")
        {
            SecondVariable = LawVariable.TokensByFlops,
        },
        new("shared-seconds", "L_o = E + A / (rhoN_o N)^alpha + B / (rhoC_o S / (k_ref N))^beta")
        {
            SecondVariable = LawVariable.TokensBySeconds,
        },

        // A straight line in log-log against compute, after Kaplan et al. (arXiv 2001.08361, eq. 1.3): the baseline.
        // Deviation: C is the run's own compute, not the smallest that reaches its loss.
        new("kaplan", "L_o = A_o / C^alpha_o")
        {
            SharesExponents = false, Floor = Sharing.Absent, Second = Sharing.Absent,
            FirstVariable = LawVariable.Flops, DistinctValuesNeeded = 2,
        },
    ];

    /// <summary>The two laws that are fitted where none is named.</summary>
    public static IReadOnlyList<Law> Default { get; } = [PerOptimizer, Shared];

    /// <summary>The law of this name, without regard to case.</summary>
    /// <exception cref="UserException">No law has the name.</exception>
    public static Law Get(string name)
        => All.FirstOrDefault(law => law.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UserException(
                $"No law is called '{name}'; the laws are {string.Join(", ", All.Select(law => law.Name))}.");
}
