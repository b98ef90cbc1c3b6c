using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Launching;

namespace PretrainBench.Grids.Planning;

/// <summary>A line of a plan as it was found.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Run">What it plans; null when it is damaged.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record PlanLine(int Number, string Text, PlannedRun? Run, string? Problem = null)
{
    // Of the largest grid, many times over.
    private const long MostBytes = 400_000_000;

    /// <summary>Whether it is whole and of a version that kept configurations as texts.</summary>
    public bool IsOfEarlierVersion
    {
        get
        {
            if (Run is not null) return false;
            try
            {
                using var json = JsonDocument.Parse(Text);
                return json.RootElement.TryGetProperty("config", out var config)
                    && config.ValueKind == JsonValueKind.String;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Reads a file of a plan; damaged lines are among them.</summary>
    public static IReadOnlyList<PlanLine> Read(string path)
    {
        if (new FileInfo(path).Length is > MostBytes and var bytes)
            return [new PlanLine(1, "", null, $"it has {Quantity.Bytes(bytes)}, and no plan has as much")];
        return [.. File.ReadLines(path).Select((text, index) => (Number: index + 1, Text: text))
            .AsParallel().AsOrdered().Select(line => Parse(line.Number, line.Text))];
    }

    private static PlanLine Parse(int number, string text)
    {
        try
        {
            var run = JsonSerializer.Deserialize<PlannedRun>(text, JsonFormat.Line);
            return run switch
            {
                null => new PlanLine(number, text, null, "it is null"),
                { Tokens: < 1 } or { Flops: not (> 0 and < double.PositiveInfinity) }
                    => new PlanLine(number, text, null, "it has no tokens or FLOPs"),
                _ when !ConfinedPath.IsName(run.RunId) || run.RunId is GridFolder.PlansName or SubmissionFolder.Name
                    => new PlanLine(number, text, null, "its run has no identity"),
                _ => new PlanLine(number, text, run),
            };
        }
        catch (Exception e) when (e is JsonException or UserException)
        {
            return new PlanLine(number, text, null, e is JsonException json ? JsonFormat.Problem(json) : e.Message);
        }
    }
}
