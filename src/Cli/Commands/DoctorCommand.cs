using System.CommandLine;
using PretrainBench.Cli.Doctor;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench doctor</c>: what this machine and this build offer.</summary>
internal static class DoctorCommand
{
    public static Command Create()
        => new Command("doctor",
            "Show what this machine offers: libtorch, cores, matrix speed, precisions, memory, disk")
            .WithExamples(
                "pretrainbench doctor",
                "pretrainbench doctor --json")
            .Runs(context =>
            {
                var observations = Examination.Of(Directory.GetCurrentDirectory());
                context.Print(
                    observations.ToDictionary(observation => observation.Key, observation => observation.Value),
                    string.Join('\n',
                        observations.Select(observation => $"{observation.Label,-24} {observation.Text}")));
                var problems = observations.Where(observation => observation.Problem is not null).ToList();
                foreach (var problem in problems) context.Error.WriteLine($"pretrainbench: {problem.Problem}");
                return problems.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
            });
}
