using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Whether runs can determine a law at all.</summary>
internal static class FitRequirements
{
    // Values within this factor of each other count as one size or one length of training.
    private const double SameValue = 1.01;

    /// <summary>Fails with what is missing when the runs cannot determine the law.</summary>
    public static void Check(RunTable table, Law law)
    {
        if (Problem(table.Rows, law) is { } problem) throw new UserException(problem + table.LeftOut() + ".");
    }

    /// <summary>Optimizers whose own runs are too few for the law, so that it can be fitted to the others; none where
    /// no two (or for laws without shared exponents, not one) would be left.</summary>
    public static IReadOnlyList<string> Thin(RunTable table, Law law)
    {
        var own = law.ParameterCount(2) - law.ParameterCount(1);
        List<string> thin = [.. table.Rows.GroupBy(row => row.Optimizer).Where(group => law.SharesExponents
            ? group.Count() < own + 1 : Problem([.. group], law) is not null).Select(group => group.Key)];
        return table.Optimizers.Count - thin.Count >= (law.SharesExponents ? 2 : 1) ? thin : [];
    }

    /// <summary>What a reader must be told of thin optimizers.</summary>
    public static Finding ThinFinding(Law law, IReadOnlyList<string> thin) => new(Severity.Warning, "thin-optimizer",
        $"{string.Join(", ", thin)} set aside: too few runs for the {law.Name} law.");

    /// <summary>What is missing, in words; null when nothing is.</summary>
    public static string? Problem(IReadOnlyList<RunRow> rows, Law law)
    {
        if (rows.Count == 0) return $"Law '{law.Name}' has no run to be fitted to";
        var optimizers = rows.GroupBy(row => row.Optimizer, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (law.SharesExponents && optimizers.Count == 1)
            return $"Law '{law.Name}' compares optimizers, and the table has only "
                + $"'{optimizers[0].Key}': add runs of another one, or use --law per-optimizer";
        return law.SharesExponents ? SharedProblem(rows, optimizers, law)
            : optimizers.Select(group => Problem([.. group], law.ParameterCount(1), law, $"optimizer '{group.Key}'"))
                .FirstOrDefault(problem => problem != null);
    }

    private static string? SharedProblem(IReadOnlyList<RunRow> rows, List<IGrouping<string, RunRow>> optimizers,
        Law law)
    {
        var own = law.ParameterCount(2) - law.ParameterCount(1);
        var short_ = optimizers.FirstOrDefault(group => group.Count() < own + 1);
        return short_ != null
            ? $"Law '{law.Name}' has {own} parameters of its own for every optimizer, so "
                + $"each needs at least {own + 1} runs; '{short_.Key}' has {short_.Count()}"
            : Problem(rows, law.ParameterCount(optimizers.Count), law, $"{optimizers.Count} optimizers");
    }

    private static string? Problem(IReadOnlyList<RunRow> rows, int parameters, Law law, string whose)
    {
        if (rows.Count < parameters + 1)
            return $"Law '{law.Name}' has {parameters} parameters for {whose}, so it needs at least "
                + $"{parameters + 1} runs; there are {rows.Count}";
        if (law.FirstVariable == LawVariable.Parameters)
        {
            var sizes = Cells.Distinct(rows.Select(row => row.N), SameValue).Count;
            if (sizes < law.DistinctValuesNeeded)
                return $"Law '{law.Name}' needs runs of at least {law.DistinctValuesNeeded} different sizes N for "
                    + $"{whose}, or alpha means nothing; there "
                    + (sizes == 1 ? $"is one ({rows[0].N.Rounded(4)})" : $"are {sizes}");
        }
        var lengths = Cells.Distinct(
            rows.Select(row => law.Second == Sharing.Absent ? row.N * row.D : row.D), SameValue).Count;
        return lengths < law.DistinctValuesNeeded
            ? $"Law '{law.Name}' needs runs of at least {law.DistinctValuesNeeded} different "
                + $"{(law.Second == Sharing.Absent ? "budgets C" : "lengths D")} for {whose}; there "
                + (lengths == 1 ? "is one" : $"are {lengths}")
            : null;
    }
}
