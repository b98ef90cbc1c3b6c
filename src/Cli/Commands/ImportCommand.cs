using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Training.Export;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench import</c>.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> Source = new("FOLDER")
    {
        Description = "A published model's folder: config.json and model.safetensors, or several with an index",
    };
    private static readonly Option<string> Output = new("--out")
    {
        Description = "The folder to make, for `eval` and `export`",
        HelpName = "FOLDER",
        Required = true,
    };

    public static Command Create()
        => new Command("import", "Take over an OLMo 2 or Llama model of Hugging Face's layout") { Source, Output }
            .WithExamples("pretrainbench import downloads/OLMo-2-0425-1B --out models/olmo2-1b",
                "pretrainbench eval models/olmo2-1b --data data/novels")
            .RunsOnTorch(context =>
            {
                var imported = ModelImport.Write(context.Get(Source), context.Get(Output)!);
                var model = imported.Model;
                context.Print(imported, $"imported a {model.Family.ToString().ToLowerInvariant()} model of "
                    + $"{model.Layers} layers, width {model.Width}, to {context.Get(Output)}");
                return ExitCodes.Done;
            });
}
