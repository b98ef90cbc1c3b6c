using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Training.Export;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench export</c>.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Run = new("RUN")
    {
        Description = "A finished run's folder, or an imported model's",
    };
    private static readonly Option<string> Output = new("--out")
    {
        Description = "The folder for the model's files",
        HelpName = "FOLDER",
        Required = true,
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Write over a model that is there already",
    };

    public static Command Create()
        => new Command("export",
            "Write a finished run's model for other programs: safetensors, configuration, tokenizer")
        { Run, Output, EvalCommand.Averaged, Replace }
            .WithExamples("pretrainbench export runs/first --out exported/first")
            .RunsOnTorch(context =>
            {
                var averaged = context.Get(EvalCommand.Averaged);
                ModelExport.Write(context.Get(Run), context.Get(Output)!, averaged, context.Get(Replace));
                context.Print(new { folder = context.Get(Output), averaged },
                    $"exported {(averaged ? "the averaged" : "the last")} weights to {context.Get(Output)}");
                return ExitCodes.Done;
            });
}
