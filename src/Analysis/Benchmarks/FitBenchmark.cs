using System.Diagnostics;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Benchmarks;

/// <summary>A timed fit.</summary>
/// <param name="FirstSeconds">The first time, compilation included.</param>
public sealed record FitTiming(string Name, int Runs, double FirstSeconds, double BestSeconds, int Repeats,
    double Objective);

/// <summary>What fits cost on this machine.</summary>
/// <param name="Cores">Logical processors.</param>
/// <param name="Timings">The robust fits of the table given (both routes), and the shared law of five optimizers with
/// bootstraps.</param>
/// <param name="Growth">A shared fit with 100 bootstraps as runs grow.</param>
public sealed record FitBenchmarkResult(int Cores, IReadOnlyList<FitTiming> Timings, IReadOnlyList<FitTiming> Growth);

/// <summary>Times the fits that people wait for; scripts/bench/fit.py times the same robust fit in scipy.</summary>
public static class FitBenchmark
{
    /// <summary>Replicates of the shared law's bootstrap.</summary>
    public const int BootstrapReplicates = 4000;

    private const int GrowthReplicates = 100;
    private static readonly int[] RunCounts = [25, 125, 1000, 10_000];

    /// <summary>Runs the benchmark; one warm-up is the first repeat, reported apart.</summary>
    /// <param name="table">Runs of one optimizer for the robust fit; null: a table of 240 made-up runs.</param>
    /// <param name="repeats">Times that short fits are measured.</param>
    /// <exception cref="UserException">The table has several optimizers or cannot determine the law.</exception>
    public static FitBenchmarkResult Run(RunTable? table = null, int repeats = 3)
    {
        table ??= MadeUp(1, 240);
        if (table.Optimizers.Count > 1)
            throw new UserException("bench fit times the fit of one optimizer; choose one with --optimizers.");
        var law = LawRegistry.PerOptimizer;
        var timings = new List<FitTiming>
        {
            Time("huber from the first solver, no start", table, repeats,
                () => Fitter.Fit(table, law, Huber(RobustStarts.FirstSolver))),
            Time("huber from the 4,500-start grid", table, repeats,
                () => Fitter.Fit(table, law, Huber(RobustStarts.Grid))),
        };
        var five = MadeUp(5, 125);
        timings.Add(
            Time("shared law of five optimizers, least squares", five, repeats,
                () => Fitter.Fit(five, LawRegistry.Shared)));
        timings.Add(
            Time($"the same with {BootstrapReplicates} bootstraps", five, 1,
                () => WithBootstrap(five, BootstrapReplicates)));
        var growth = RunCounts.Select(runs => MadeUp(5, runs))
            .Select(grown =>
                Time($"shared law with {GrowthReplicates} bootstraps", grown, repeats,
                    () => WithBootstrap(grown, GrowthReplicates))).ToList();
        return new(Environment.ProcessorCount, timings, growth);
    }

    /// <summary>Runs under the shared law with 0.1 % noise; only their number matters to the clock.</summary>
    internal static RunTable MadeUp(int optimizers, int runs)
    {
        var random = SeedSequence.Generator(1, "bench-fit", runs);
        var noise = new NormalSource(1, "bench-fit:noise", runs).Normals(runs);
        var rows = new List<RunRow>();
        for (var i = 0; i < runs; i++)
        {
            var o = i % optimizers;
            double n = 5e7 * Math.Pow(16, random.NextDouble()), d = n * 10 * Math.Pow(16, random.NextDouble());
            var loss = 1.8 + 480 / Math.Pow((1 + 0.05 * o) * n, 0.35) + 2100 / Math.Pow((1 + 0.15 * o) * d, 0.366);
            loss *= 1 + 1e-3 * noise[i];
            rows.Add(new() { Optimizer = $"o{o}", N = n, D = d, Size = n.Rounded(3), Loss = loss, Line = i + 1 });
        }
        return new() { Rows = rows };
    }

    private static FitOptions Huber(RobustStarts starts) => new() { Solver = SolverKind.Huber, Starts = starts };

    private static LawFit WithBootstrap(RunTable table, int replicates)
    {
        var fit = Fitter.Fit(table, LawRegistry.Shared);
        Bootstrap.Run(fit, new() { Replicates = replicates });
        return fit;
    }

    private static FitTiming Time(string name, RunTable table, int repeats, Func<LawFit> fit)
    {
        double first = 0, best = double.PositiveInfinity, objective = 0;
        for (var i = 0; i < Math.Max(repeats, 1); i++)
        {
            var watch = Stopwatch.StartNew();
            objective = fit().Quality.Objective;
            var seconds = watch.Elapsed.TotalSeconds;
            if (i == 0) first = seconds;
            best = Math.Min(best, seconds);
        }
        return new(name, table.Rows.Count, first, best, Math.Max(repeats, 1), objective);
    }
}
