using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Design;

/// <summary>Searches grids of sizes × ratios × seeds for the cheapest that tells two optimizers apart. Every choice of
/// sizes and of ratios is tried; more seeds only divide what each run's own noise adds, so that their number
/// follows.</summary>
public static class CheapestGrid
{
    /// <summary>Searches.</summary>
    /// <exception cref="UserException">The request cannot be used.</exception>
    public static GridSearchResult Search(GridSearchRequest request)
    {
        request.ThrowIfInvalid("the search for a grid");
        var law = LawRegistry.Get(request.Law);
        var needed = Math.Abs(Math.Log(request.Rho)) / GridDesign.Threshold;
        var sizes = Subsets(request.Sizes).Where(set => set.Count >= law.DistinctValuesNeeded).ToList();
        var ratios = Subsets(request.Ratios).ToList();
        var candidates = new List<CandidateGrid>?[sizes.Count];
        Parallel.For(0, sizes.Count,
            i => candidates[i] = [.. ratios.SelectMany(chosen => Candidates(request, law, sizes[i], chosen, needed))]);
        var all = candidates.SelectMany(list => list!).ToList();
        var cheapest = all.Where(grid => grid.StandardErrorOfLogRho <= needed).OrderBy(grid => grid.Flops)
            .ThenBy(grid => grid.Runs).FirstOrDefault();
        var precise = all.OrderBy(grid => grid.StandardErrorOfLogRho).ThenBy(grid => grid.Flops).FirstOrDefault();
        return new(cheapest, precise, all.Count, Statement(request, cheapest, precise));
    }

    private static IEnumerable<List<double>> Subsets(IReadOnlyList<double> values)
    {
        var sorted = values.Distinct().Order().ToList();
        for (var mask = 1; mask < 1 << sorted.Count; mask++)
        {
            var chosen = mask;
            yield return [.. sorted.Where((_, i) => (chosen >> i & 1) == 1)];
        }
    }

    private static IEnumerable<CandidateGrid> Candidates(
        GridSearchRequest request, Law law, List<double> sizes, List<double> ratios, double needed)
    {
        var once = 2 * request.TuningTrials * sizes.Sum(n => ratios.Sum(ratio => 6 * n * n * ratio));
        var affordable = (int)Math.Min(request.MostSeeds, Math.Floor(request.FlopBudget / once));
        if (affordable < 1) yield break;
        var rows = Rows(request, sizes, ratios);
        if (FitRequirements.Problem(rows, law) != null) yield break;
        var fit = new PreparedFit(rows, law, new FitOptions { Reference = request.Optimizers.Reference });
        var covariance =
            new DesignCovariance(fit, fit.Parts[0], GridDesign.Model(fit, Truth(request)), request.Noise);
        var (own, shared) = covariance.VarianceOfLog(request.Parameter, request.Optimizers.Other);
        if (!double.IsFinite(own) || covariance.ConditionOfExponents > 1e8) yield break;
        var left = needed * needed - shared;
        var sufficient = left > 0 ? (int)Math.Clamp(Math.Ceiling(own / left), 1, affordable) : affordable;
        foreach (var seeds in new[] { sufficient, affordable }.Distinct())
        {
            var deviation = Math.Sqrt(own / seeds + shared);
            yield return new(sizes, ratios, seeds, rows.Count * seeds, once * seeds, deviation,
                Math.Exp(GridDesign.Threshold * deviation));
        }
    }

    private static DesignTruth Truth(GridSearchRequest request)
    {
        var rho = new Dictionary<string, double> { [request.Optimizers.Other] = request.Rho };
        return request.Parameter == "rhoN" ? request.Truth with { RhoN = rho } : request.Truth with { RhoD = rho };
    }

    private static List<RunRow> Rows(GridSearchRequest request, List<double> sizes, List<double> ratios)
    {
        var truth = Truth(request);
        string[] optimizers = [request.Optimizers.Reference, request.Optimizers.Other];
        return [.. optimizers.SelectMany(optimizer => sizes.SelectMany(n => ratios.Select(ratio => new RunRow
        {
            Optimizer = optimizer, N = n, D = ratio * n, Size = n.Rounded(6),
            Loss = truth.Loss(optimizer, n, ratio * n),
        })))];
    }

    private static string Statement(GridSearchRequest request, CandidateGrid? cheapest, CandidateGrid? precise)
    {
        var goal =
            $"{request.Parameter} = {request.Rho.Rounded(4)} from 1 (two-sided 5 %, power "
                + $"{GridDesign.Power.Percent()}, losses deviating by {request.Noise.Run.Rounded(2)} nats)";
        if (cheapest != null)
            return $"The cheapest grid that tells {goal}: sizes {Join(cheapest.Sizes)} × {Join(cheapest.Ratios)} "
                + $"tokens per parameter × {cheapest.Seeds} seeds × 2 optimizers = {cheapest.Runs} runs, "
                + $"{cheapest.Flops.Rounded(3)} FLOPs.";
        return precise == null
            ? "No grid of these sizes and ratios that the law can be fitted to costs at most "
                + $"{request.FlopBudget.Rounded(3)} FLOPs: raise the budget or add smaller sizes."
            : $"No grid within {request.FlopBudget.Rounded(3)} FLOPs tells {goal}. The most precise one tells "
                + $"{request.Parameter} = {precise.DetectableRho.Rounded(4)}: sizes {Join(precise.Sizes)} × "
                + $"{Join(precise.Ratios)} tokens per parameter × {precise.Seeds} seeds.";
    }

    private static string Join(IReadOnlyList<double> values)
        => string.Join(", ", values.Select(value => value.Rounded(4)));
}
