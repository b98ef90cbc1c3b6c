using System.Text.RegularExpressions;
using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Planning;
using PretrainBench.Tests;

namespace PretrainBench.Grids.Tests.Configuration;

/// <summary>configs/grids: every preset can be planned, and its comment says what the plan costs.</summary>
public partial class PresetTests(TestGrid grids) : IClassFixture<TestGrid>
{
    public static TheoryData<string> Files
        => [.. Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path))];

    private static string Folder => Path.Combine(Repository.Root, "configs", "grids");

    [Theory]
    [MemberData(nameof(Files))]
    public void A_preset_costs_what_its_comment_says(string file)
    {
        var path = Path.Combine(Folder, file);
        var planner = new GridPlanner(GridFile.Read(path, [$"base.data.folder={grids.Data}"]));
        var (planned, outlook) = (planner.Determined(_ => null), planner.Outlook(_ => null));
        var estimate = GridEstimate.Of(planner, planned, outlook, _ => null, _ => true,
            planned.Concat(outlook).Select(run => run.Cell.Size).Distinct().ToDictionary(size => size, _ => 1.0),
            LaunchConfig.Default(1));
        Assert.Equal($"cost: {estimate.Runs} runs, {Quantity.Count(estimate.Tokens)} tokens, "
            + $"{estimate.Flops.Scientific(3)} FLOPs, and up to {estimate.MostExtraRuns} trials more",
            Cost().Match(File.ReadAllText(path)).Value);
    }

    [GeneratedRegex("cost: .* trials more")]
    private static partial Regex Cost();
}
