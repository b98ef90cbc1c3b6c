using System.Text.Json.Serialization;
using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Comparison;

/// <summary>Which runs a law is tested on.</summary>
public enum HoldOutProtocol
{
    /// <summary>The runs that it was fitted to.</summary>
    [JsonStringEnumMemberName("in_sample")]
    InSample,

    [JsonStringEnumMemberName("leave_one_run_out")]
    LeaveOneRunOut,

    [JsonStringEnumMemberName("leave_one_size_out")]
    LeaveOneSizeOut,

    /// <summary>Each size in turn, from the smaller ones only.</summary>
    [JsonStringEnumMemberName("rolling")]
    Rolling,

    /// <summary>The largest size, from all smaller ones.</summary>
    [JsonStringEnumMemberName("largest")]
    Largest,
}

/// <summary>The protocols in words.</summary>
public static class HoldOutProtocolWords
{
    /// <summary>A few words, for headings and brackets.</summary>
    public static string Words(this HoldOutProtocol protocol) => protocol switch
    {
        HoldOutProtocol.InSample => "in sample",
        HoldOutProtocol.LeaveOneRunOut => "run held out",
        HoldOutProtocol.LeaveOneSizeOut => "size held out",
        HoldOutProtocol.Rolling => "next larger size",
        _ => "largest size",
    };
}

/// <summary>A run that a law predicted.</summary>
/// <param name="Row">Index of the run in the table.</param>
/// <param name="Predicted">The loss predicted without it.</param>
internal readonly record struct HeldOutPrediction(int Row, double Predicted);

/// <summary>Predictions of held-out runs, by refits that did not see them.</summary>
internal static class HoldOut
{
    // More groups than this are merged, so that the cost stays linear in the number of runs; fewer still for tables so
    // large that one run more or less changes no fit.
    private const int MaximumFolds = 500, MinimumFolds = 20;
    private const double MostRefittedRuns = 1e6;

    /// <summary>What is held out together, and what is left to fit. A fold whose rest cannot determine the law is left
    /// out;
    /// <paramref name="skipped"/> names it.</summary>
    public static IReadOnlyList<(int[] Train, int[] Test)> Folds(
        PreparedFit fit, HoldOutProtocol protocol, ICollection<string> skipped)
    {
        // A whole size may leave too little behind; a single run may not (the full fit has a run to spare).
        var folds = Folds(fit.Rows, protocol).ToLookup(fold => protocol == HoldOutProtocol.InSample
            || FitRequirements.Problem([.. fold.Train.Select(row => fit.Rows[row])], fit.Law) is null);
        foreach (var (name, _, _) in folds[false]) skipped.Add(name);
        return [.. folds[true].Select(fold => (fold.Train, fold.Test))];
    }

    /// <summary>The predictions of every fold's runs, in the order of the rows.</summary>
    public static List<HeldOutPrediction> Predict(PreparedFit fit, IReadOnlyList<(int[] Train, int[] Test)> folds)
    {
        var models = fit.Refits(folds.Count, (i, weights) =>
        {
            foreach (var row in folds[i].Train) weights[row] = 1;
        });
        return [.. folds.Zip(models, (fold, model) => fold.Test.Select(
                row => new HeldOutPrediction(row, model.Predict(fit.Rows[row]))))
            .SelectMany(fold => fold).OrderBy(prediction => prediction.Row)];
    }

    private static IEnumerable<(string Name, int[] Train, int[] Test)> Folds(IReadOnlyList<RunRow> rows,
        HoldOutProtocol protocol)
    {
        var all = Enumerable.Range(0, rows.Count).ToArray();
        if (protocol == HoldOutProtocol.InSample) return [("all", all, all)];
        if (protocol == HoldOutProtocol.LeaveOneRunOut)
        {
            var folds =
                Math.Min(rows.Count, Math.Clamp((int)(MostRefittedRuns / rows.Count), MinimumFolds, MaximumFolds));
            return Enumerable.Range(0, folds).Select(fold => (rows[fold].Label,
                all.Where(i => i % folds != fold).ToArray(), all.Where(i => i % folds == fold).ToArray()));
        }
        var sizes = all.GroupBy(i => rows[i].Size).OrderBy(size => size.Min(i => rows[i].N))
            .Select(size => (Name: size.Key, Rows: size.ToArray())).ToList();
        if (protocol == HoldOutProtocol.LeaveOneSizeOut)
            return sizes.Select(size => (size.Name, all.Except(size.Rows).ToArray(), size.Rows));
        var rolling = sizes.Select(
            (size, k) => (size.Name, sizes.Take(k).SelectMany(smaller => smaller.Rows).ToArray(), size.Rows)).Skip(1);
        return protocol == HoldOutProtocol.Rolling ? rolling : rolling.TakeLast(1);
    }
}
