namespace PretrainBench.Analysis.Laws;

/// <summary>
/// What tokens seen again are worth: D is replaced by D' = U + U R* (1 − exp(−R / R*)), U the unique tokens,
/// R = D / U − 1 the repeats, R* (R_D*) the constant of their decay (Muennighoff et al., arXiv 2305.16264, section 3).
/// Deviation: parameters that exceed what the unique tokens need are not discounted (their U_N and R_N*).
/// </summary>
internal static class RepeatedData
{
    /// <summary>Their R_D*, for tables whose runs do not tell one.</summary>
    public const double Published = 15.39;

    /// <summary>R* above this is as good as new data.</summary>
    public const double AsGoodAsNew = 1e4;

    /// <summary>Repeats below this are rounding.</summary>
    public const double Least = 0.02;

    // Fewer runs that see their data twice or more, or all equally often, tell no R*.
    private const int LeastRuns = 4;
    private const double Telling = 1;

    /// <summary>A law as these runs bear it: with R* free, or fixed where too few repeat; in plain tokens where none
    /// does.</summary>
    public static Law For(Law law, IReadOnlyList<RunRow> rows)
        => law.SecondVariable != LawVariable.RepeatedTokens ? law
            : rows.All(row => row.Repeats < Least)
                ? law with { SecondVariable = LawVariable.Tokens, Joining = Joining.Sum }
            : rows.GroupBy(row => law.SharesExponents ? "" : row.Optimizer).All(Tells) ? law
            : law with { Joining = Joining.Sum };

    /// <summary>1 / R* of a law in which it is fixed; 0 for others.</summary>
    public static double FixedShape(Law law)
        => law.SecondVariable == LawVariable.RepeatedTokens && law.Joining == Joining.Sum ? 1 / Published : 0;

    /// <summary>log(D' / D) and its derivative by 1 / R*.</summary>
    /// <param name="repeats">R.</param>
    /// <param name="shape">1 / R*; 0 where repeats are as good as new.</param>
    public static (double Value, double Slope) Shift(double repeats, double shape)
    {
        if (repeats == 0) return (0, 0);
        // (1 − e^−x) / x and its derivative, by their series where the difference would lose its digits.
        var x = repeats * shape;
        var (worth, bend) = x < 1e-3 ? (1 - x / 2 + x * x / 6, -0.5 + x / 3 - x * x / 8)
            : ((1 - Math.Exp(-x)) / x, ((1 + x) * Math.Exp(-x) - 1) / (x * x));
        var counted = 1 + repeats * worth;
        return (Math.Log(counted / (1 + repeats)), repeats * repeats * bend / counted);
    }

    private static bool Tells(IEnumerable<RunRow> rows)
    {
        double[] repeats = [.. rows.Select(row => row.Repeats).Where(repeats => repeats >= Telling)];
        return repeats.Length >= LeastRuns && repeats.Max() > (1 + Least) * repeats.Min();
    }
}
