using PretrainBench.Core;

namespace PretrainBench.Analysis.Laws;

/// <summary>What a term of a law is a power of.</summary>
public enum LawVariable
{
    Parameters,

    /// <summary>Training tokens, D.</summary>
    Tokens,

    /// <summary>Training tokens, those seen again counted for less (<see cref="RepeatedData"/>).</summary>
    RepeatedTokens,

    /// <summary>Tokens that the run's FLOPs would buy at the reference optimizer's cost: C / (k_ref N).</summary>
    TokensByFlops,

    /// <summary>Tokens that the run's seconds would buy at the reference optimizer's cost: S / (k_ref N).</summary>
    TokensBySeconds,

    /// <summary>Training FLOPs, C; 6 N D where a table has none.</summary>
    Flops,
}

/// <summary>Values of a law's variables for runs, and the cost that turns tokens into FLOPs or seconds.</summary>
internal static class LawVariables
{
    /// <summary>The cost k of one token and parameter, C / (N D) or S / (N D), as a geometric mean over these runs; 1
    /// for laws that do not pay in compute.</summary>
    public static double Cost(Law law, IEnumerable<RunRow> rows) => law.PaysInCompute
        ? Math.Exp(rows.Average(row => Math.Log(Paid(law.SecondVariable, row)!.Value / (row.N * row.D)))) : 1;

    /// <summary>The natural logarithm of a variable; <paramref name="cost"/> is the reference optimizer's.</summary>
    /// <param name="shape">1 / R_D*, for <see cref="LawVariable.RepeatedTokens"/>.</param>
    public static double Log(LawVariable variable, RunRow row, double cost, double shape = 0) => variable switch
    {
        LawVariable.Parameters => Math.Log(row.N),
        LawVariable.Tokens => Math.Log(row.D),
        LawVariable.RepeatedTokens => Math.Log(row.D) + RepeatedData.Shift(row.Repeats, shape).Value,
        LawVariable.Flops => Math.Log(row.Flops ?? 6 * row.N * row.D),
        _ => Math.Log(Paid(variable, row)!.Value / (cost * row.N)),
    };

    /// <summary>Fails when a run lacks what the law pays in.</summary>
    public static void Require(Law law, IReadOnlyList<RunRow> rows)
    {
        var missing = law.PaysInCompute ? rows.Count(row => Paid(law.SecondVariable, row) is null) : 0;
        if (missing == 0) return;
        var column = law.SecondVariable == LawVariable.TokensByFlops ? "flops" : "seconds";
        throw new UserException(
            $"Law '{law.Name}' needs the column '{column}', which {missing} of {rows.Count} runs lack; "
            + $"name it with --map {column}=COLUMN, or use a law in tokens such as 'shared'.");
    }

    private static double? Paid(LawVariable variable, RunRow row)
        => variable == LawVariable.TokensByFlops ? row.Flops : row.Seconds;
}
