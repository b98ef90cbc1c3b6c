using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Training;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench eval</c>.</summary>
internal static class EvalCommand
{
    private static readonly Argument<string> Run = new("RUN")
    {
        Description = "A finished run's folder, or an imported model's",
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A dataset made with the run's tokenizer; default the run's own",
        HelpName = "FOLDER",
    };
    private static readonly Option<string> Device = new("--device")
    {
        Description = "cpu, cuda or cuda:1",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => "cpu",
    };

    internal static readonly Option<bool> Averaged = new("--averaged")
    {
        Description = "The average of its weights (`averaging` of the run) in place of the last ones",
    };

    public static Command Create()
        => new Command("eval", "Measure a finished run's model on a whole validation set")
        { Run, Data, Device, Averaged }
            .WithExamples("pretrainbench eval runs/first", "pretrainbench eval runs/first --data data/novels --json")
            .RunsOnTorch(context =>
            {
                using var model = FinalModel.Load(context.Get(Run), context.Get(Device)!, context.Get(Averaged));
                var result = model.Evaluate(context.Get(Data));
                if (!double.IsFinite(result.Loss))
                    throw new UserException($"{context.Get(Run)}: the loss is not a number: the run diverged, or its "
                        + "weights are damaged; nothing was measured", ExitCodes.Failed);
                context.Print(result,
                    $"loss {result.Loss.Fixed(4)} nats per token, {result.BitsPerByte.Fixed(4)} bits per "
                        + $"byte, over {result.Tokens:N0} tokens");
                return ExitCodes.Done;
            });
}
