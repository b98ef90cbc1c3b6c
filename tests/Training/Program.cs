using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Tests.Golden;

namespace PretrainBench.Training.Tests;

/// <summary>
/// The test assembly as a program of its own: a run in a process that tests may kill
/// (<c>train CONFIG RUN_FOLDER</c> prints each step), and what the golden runs are to be held to (<c>golden</c>).
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
            case ["golden"]:
                Console.WriteLine(GoldenRunTests.Record());
                return ExitCodes.Done;
            default:
                return ExitCodes.Usage;
        }
    }
}
