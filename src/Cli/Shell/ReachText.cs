using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Design;

namespace PretrainBench.Cli.Shell;

/// <summary>What a grid can tell once it is trained, in words.</summary>
internal static class ReachText
{
    public static string Of(DesignReach reach)
    {
        var (can, cannot) = (reach.Laws.Where(law => law.Problem is null).ToList(),
            reach.Laws.Where(law => law.Problem is not null).ToList());
        List<string> lines = [can.Count > 0 ? $"can fit      {Names(can)}" : "can fit      no law"];
        lines.AddRange(cannot.Select(law => $"cannot fit   {law.Problem}"));
        lines.AddRange(can.Where(law => law.Untested.Count > 0).Select(law => $"cannot test  {law.Law} with "
            + string.Join(", ", law.Untested.Select(protocol => protocol.Words()))
            + ": too little is left to fit it to"));
        if (reach.OneRatio)
            lines.Add("cannot tell  N from D: all cells have the same tokens per parameter");
        lines.Add(reach.NoiseFreedom > 0
            ? $"noise        between seeds is measured with {reach.NoiseFreedom} degrees of freedom"
            : "noise        no cell has a second seed: differences are judged by a law's residuals; see `repeats`");
        return string.Join('\n', lines);
    }

    private static string Names(IReadOnlyList<LawReach> laws) => string.Join(", ", laws.Select(law => law.Law));
}
