using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Verifying;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid verify</c>.</summary>
internal static class GridVerifyCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<bool> Repair = new("--repair")
    {
        Description = "Move what is damaged to set-aside/ in the grid's folder; nothing is deleted",
    };

    public static Command Create()
        => new Command("verify", "Check a grid's folder: plans, results, claims, and what dead processes left")
        {
            Grid, Folder, Repair,
        }.WithExamples(
            "pretrainbench grid verify runs/quickstart",
            "pretrainbench grid verify runs/quickstart --repair")
        .Runs(context =>
        {
            var folder = GridFolder.Planned(context.Get(Grid), context.Get(Folder));
            var findings = new GridVerifier(folder, context.Get(Repair)).Verify();
            context.Print(new { folder = folder.Root, findings }, findings.Count == 0
                ? $"{folder.Root}: nothing is wrong"
                : string.Join('\n', findings));
            return findings.All(finding => finding.Repaired is not null) ? ExitCodes.Done : ExitCodes.Failed;
        });
}
