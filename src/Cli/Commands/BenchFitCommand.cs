using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Benchmarks;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench bench fit</c>.</summary>
internal static class BenchFitCommand
{
    public static Command Create()
        => new Command("fit", "Time the fits of laws and their bootstraps")
            .WithExamples("pretrainbench bench fit", "pretrainbench bench fit --json")
            .Runs(context =>
            {
                var result = FitBenchmark.Run();
                context.Print(() => AnalysisJson.Write(result), Tables.Render(["fit", "runs", "first s", "best s"],
                    [.. result.Timings.Concat(result.Growth).Select(timing => new[]
                    {
                        timing.Name, timing.Runs.ToString(), $"{timing.FirstSeconds:0.000}",
                        $"{timing.BestSeconds:0.000}",
                    })]));
                return ExitCodes.Done;
            });
}
