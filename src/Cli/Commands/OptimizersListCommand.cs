using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Training.Benchmark;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench optimizers list</c>.</summary>
internal static class OptimizersListCommand
{
    private static readonly string[] Headings = ["optimizer", "state B/param", "step FLOPs", "serves", "what"];

    public static Command Create()
        => new Command("list", "Every optimizer with its state, its work, the roles that it serves and what it does")
            .WithExamples("pretrainbench optimizers list", "pretrainbench optimizers list --json")
            .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        var costs = OptimizerCosts.All();
        var tokens = Quantity.Count(OptimizerCosts.TokensPerStep);
        var table = Tables.Render(Headings, [.. costs.Select(cost => new[]
        {
            cost.Name, cost.StateBytesPerParameter.Rounded(3), $"{100 * cost.FlopsShare:0.0} %",
            cost.Roles.Count == Enum.GetValues<ParameterRole>().Length ? "all"
                : string.Join(", ", cost.Roles.Select(role => SnakeCase.From(role))),
            cost.Summary,
        })]);
        context.Print(costs, $"""
            {table.TrimEnd()}

            With the defaults, on the hidden matrices of a {OptimizerCosts.Size} model in float32. Step FLOPs: the
            matrix products of a step as a share of those of the forward and backward pass of {tokens} tokens; they do
            not grow with the tokens. Roles that are not served go to {Baseline.Optimizer}. Times: `bench optimizers`.
            """);
        return ExitCodes.Done;
    }
}
