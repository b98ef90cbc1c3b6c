using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Optimizers;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench optimizers show</c>.</summary>
internal static class OptimizersShowCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The optimizer's name" };

    public static Command Create()
        => new Command("show", "Every setting of an optimizer, its default and meaning, as a file to start from")
            { Name }
            .WithExamples(
                "pretrainbench optimizers show muon",
                "pretrainbench optimizers show soap    into soap.yaml; then train run.yaml optimizer=@soap.yaml")
            .Runs(context =>
            {
                var rule = RuleRegistry.Get(context.Get(Name));
                context.Print(ExplainedKey.Of(rule.Defaults()), RuleSheet.Of(rule));
                return ExitCodes.Done;
            });
}
