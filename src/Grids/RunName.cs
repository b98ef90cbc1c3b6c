using PretrainBench.Core;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids;

/// <summary>Finds planned runs by what a person types: any part of a run's identity or of its cell's name that no other
/// run has.</summary>
public static class RunName
{
    private const int MostListed = 8;

    /// <summary>The run that a name means. Whole names win over whole words, and these over parts of words; capitals do
    /// not count, and <c>x10</c> is <c>×10</c>.</summary>
    /// <exception cref="UserException">None or several are called so; the message lists some.</exception>
    public static PlannedRun Find(IReadOnlyList<PlannedRun> plan, string name)
    {
        var words = Words(name);
        if (words.Length == 0) throw new UserException($"``: name a run, {Some(plan, "such as")}");
        Func<PlannedRun, bool>[] readings =
        [
            run => run.RunId == name || Words($"{run.Cell}").SequenceEqual(words),
            run => Words($"{run.Cell}") is var own && words.All(own.Contains),
            run => run.RunId.Contains(name, StringComparison.OrdinalIgnoreCase)
                || (string.Join(' ', Words($"{run.Cell}")) is var cell && words.All(cell.Contains)),
        ];
        var found = readings.Select(reading => plan.Where(reading).ToList()).FirstOrDefault(runs => runs.Count > 0);
        return found switch
        {
            [var only] => only,
            null => throw new UserException($"`{name}`: no planned run is called so; {Some(plan, "there are")}"),
            _ => throw new UserException($"`{name}`: {found.Count} runs are called so; give more of the cell's name or "
                + $"of the identity: {Some(found)}"),
        };
    }

    private static string[] Words(string text)
        => text.ToLowerInvariant().Replace('×', 'x').Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Some(IReadOnlyList<PlannedRun> runs, string before = "")
        => runs.Count == 0 ? "none is planned yet" : before + string.Concat(runs.Take(MostListed)
            .Select(run => $"\n  {run.RunId}  {run.Cell}"))
            + (runs.Count > MostListed ? $"\n  and {runs.Count - MostListed} more" : "");
}
