using System.Text.Json;
using PretrainBench.Core.Configuration;
using PretrainBench.Training.Benchmark;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Tests.Golden;

namespace PretrainBench.Training.Tests;

/// <summary>
/// The test assembly as a program of its own: a run in a process that tests may kill
/// (<c>train CONFIG RUN_FOLDER</c> prints each step), the benchmark without the command line (<c>bench CONFIG</c>),
/// and what the golden runs are to be held to (<c>golden</c>).
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["train", var config, var folder]:
                using (var signals = new PreemptionSignals())
                {
                    var progress = new Callback<TrainProgress>(at => Console.WriteLine(at.Step));
                    try
                    {
                        var outcome = RunSession.Execute(RunConfig.Read(config), folder, new RunOptions { Progress = progress, Stop = signals.Token });
                        return outcome switch { RunOutcome.Done => ExitCodes.Done, RunOutcome.Diverged => ExitCodes.Diverged, _ => ExitCodes.Preempted };
                    }
                    catch (UserException e)
                    {
                        Console.Error.WriteLine(e.Message);
                        return e.ExitCode;
                    }
                }
            case ["bench", var yaml]:
                var result = TrainingBenchmark.Run(ConfigBinder.Bind<TrainingBenchmarkConfig>(ConfigFile.Parse(yaml, "argument"), "the benchmark"));
                Console.WriteLine(JsonSerializer.Serialize(result));
                return ExitCodes.Done;
            case ["golden"]:
                Console.WriteLine(GoldenRunTests.Record());
                return ExitCodes.Done;
            default:
                return ExitCodes.Usage;
        }
    }
}
