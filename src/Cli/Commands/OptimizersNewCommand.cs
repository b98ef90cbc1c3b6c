using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Optimizers;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench optimizers new</c>.</summary>
internal static class OptimizersNewCommand
{
    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "The new optimizer's name, in kebab-case",
    };

    private static readonly Option<string> Folder = new("--folder")
    {
        Description = "The checkout to write into",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => ".",
    };

    public static Command Create()
        => new Command("new", "Write a rule that trains at once into a checkout, with its configuration and page")
            { Name, Folder }
            .WithExamples("pretrainbench optimizers new sign-momentum")
            .Runs(context =>
            {
                var name = context.Get(Name);
                var files = RuleScaffold.Write(name, context.Get(Folder)!);
                context.Print(files, $"""
                    {string.Join('\n', files)}

                    It is the sign of the momentum until you change it. Next:
                      Prototype=true ./scripts/pretrainbench train configs/run.yaml optimizer={name}
                        while you try things out: no warning stops this build; after a change of the rule
                        another --folder, or the old result is shown
                      dotnet test tests/Optimizers --filter DisplayName~{name}
                        the battery finds the rule; it asks for a row in docs/optimizers/README.md, and
                        without the filter for the list of what is public (CONTRIBUTING.md)
                    CONTRIBUTING.md: what a rule can call. tests/Optimizers/Data/golden/README.md: golden files.
                    """);
                return ExitCodes.Done;
            });
}
