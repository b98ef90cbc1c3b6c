using System.Runtime.InteropServices;
using PretrainBench.Torch;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Tests.Golden;

namespace PretrainBench.Training.Tests;

/// <summary>
/// The test assembly as a program of its own: a run in a process that tests may kill
/// (<c>train CONFIG RUN_FOLDER</c> prints each step, <c>trunk</c> and <c>branch</c> share their first; <c>watch</c>
/// also how many tensors live, the bytes that the process holds and the numbers read from the device), and what the
/// golden runs are to be held to (<c>golden</c>).
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["train", var config, var folder]:
                return Train(config, folder, at => Console.WriteLine(at.Step));
            case ["trunk", var config, var folder, var branchStep]:
                return Train(config, folder, at => Console.WriteLine(at.Step), branchSteps: [int.Parse(branchStep)]);
            case ["branch", var config, var folder, var trunk, var branchStep]:
                return Train(config, folder, at => Console.WriteLine(at.Step),
                    new RunTrunk(trunk, int.Parse(branchStep)));
            case ["watch", var config, var folder]:
                return Train(config, folder,
                    at => Console.WriteLine(
                        $"{at.Step} {Tensor.TotalCount} {Environment.WorkingSet} {HostReads.Count}"));
            case ["golden"]:
                Console.WriteLine(GoldenRunTests.Record());
                return ExitCodes.Done;
            default:
                return ExitCodes.Usage;
        }
    }

    private static int Train(string config, string folder, Action<TrainProgress> afterStep, RunTrunk? trunk = null,
        int[]? branchSteps = null)
    {
        using var stop = new CancellationTokenSource();
        using var term = StopAt(PosixSignal.SIGTERM, stop);
        using var notice = StopAt((PosixSignal)12 /* SIGUSR2 */, stop);
        try
        {
            var options = new RunOptions
            {
                Progress = new Callback<TrainProgress>(afterStep),
                Stop = stop.Token,
                Trunk = trunk,
                BranchSteps = branchSteps ?? [],
            };
            return RunSession.Execute(RunConfig.Read(config), folder, options) switch
            {
                RunOutcome.Done => ExitCodes.Done,
                RunOutcome.Diverged => ExitCodes.Diverged,
                _ => ExitCodes.Preempted,
            };
        }
        catch (UserException e)
        {
            Console.Error.WriteLine(e.Message);
            return e.ExitCode;
        }
    }

    private static PosixSignalRegistration StopAt(PosixSignal notice, CancellationTokenSource stop)
        => PosixSignalRegistration.Create(notice, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
