using System.Text.Json.Serialization;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Shell;

/// <summary>A grid's state in words.</summary>
internal static class GridText
{
    /// <param name="left">The time left; null while nothing tells it.</param>
    public static string Progress(GridStatus status, TimeSpan? left)
    {
        var text = $"{status.Settled}/{status.Total} runs";
        if (status.Count(RunStateKind.Running) is > 0 and var running) text += $", {running} running";
        if (status.TokensPerSecond > 0) text += $", {Quantity.Count(status.TokensPerSecond)} tokens/s";
        if (left is { } time && !status.IsComplete) text += $", about {Quantity.Time(time)} left";
        return text;
    }

    /// <summary>How many runs are in which state.</summary>
    public static string Summary(GridStatus status)
    {
        var states = Enum.GetValues<RunStateKind>().Where(kind => status.Count(kind) > 0)
            .Select(kind => $"{status.Count(kind)} {Name(kind)}");
        var open = status.Outlook.Count > 0
            ? [$"{status.Outlook.Count} waiting for their learning rate"]
            : Array.Empty<string>();
        return $"{status.Total} runs: {string.Join(", ", states.Concat(open))}";
    }

    /// <summary>How long ago a running run last did something, by the clocks of its machine and of this one.</summary>
    internal static TimeSpan? SinceLastStep(RunStatusLine line, DateTimeOffset now)
        => line.State is { Kind: RunStateKind.Running, Heartbeat.WorkedAt: { } at } && now >= at ? now - at : null;

    /// <summary>What a script reads.</summary>
    /// <param name="shown">The runs that are asked for; null for all.</param>
    public static object ToJson(
        GridStatus status, DateTimeOffset now, IReadOnlyList<RunStatusLine>? shown = null) => new
        {
            status.Total,
            status.Settled,
            complete = status.IsComplete,
            awaiting_learning_rate = status.Outlook.Count,
            states = Enum.GetValues<RunStateKind>().ToDictionary(Name, status.Count),
            tokens_per_second = status.TokensPerSecond,
            seconds_left = status.TimeLeft?.TotalSeconds,
            runs = (shown ?? status.Lines).Select(line => new GridRunJson(line.Run)
            {
                Status = Name(line.State.Kind),
                Share = line.Share,
                Loss = line.State.Result?.FinalLoss,
                SecondsSinceLastStep = SinceLastStep(line, now)?.TotalSeconds,
                Message = line.State.Message,
            }),
        };

    /// <summary>Where a run stands, in a line of its own.</summary>
    public static string Line(RunStatusLine line) => $"{line.Run.Cell}: {Name(line.State.Kind)}" + line.State switch
    {
        { Result.FinalLoss: { } loss } => $", loss {loss.Fixed(4)}",
        { Result.DivergedAtStep: { } step } => $" at step {step}: {line.State.Reason}",
        { Reason.Length: > 0 } => $": {line.State.Reason} (`grid logs` shows run {line.Run.RunId})",
        _ => "",
    };

    internal static string Name(RunStateKind kind) => SnakeCase.From(kind.ToString());
}

/// <summary>A run of a grid as scripts read it, under the names of the run table's columns.</summary>
internal sealed record GridRunJson(PlannedRun Planned)
{
    [JsonIgnore]
    public PlannedRun Planned { get; } = Planned;

    public string Run => Planned.RunId;

    public string Optimizer => Planned.Cell.Optimizer;

    public string Size => Planned.Cell.Size;

    public double TokensPerParameter => Planned.Cell.TokensPerParameter;

    public double? LearningRate => Planned.Cell.LearningRate;

    public ulong Seed => Planned.Cell.Seed;

    public long? BatchTokens => Planned.Cell.BatchTokens;

    public bool Trial => Planned.IsTrial;

    public long Tokens => Planned.Tokens;

    public double Flops => Planned.Flops;

    public long OwnTokens => Planned.OwnTokens;

    public double OwnFlops => Planned.OwnFlops;

    public string? Trunk => Planned.Trunk?.RunId;

    public string? Status { get; init; }

    public double? Share { get; init; }

    public double? Loss { get; init; }

    /// <summary>Of a running run: how long ago it last did something.</summary>
    public double? SecondsSinceLastStep { get; init; }

    public string? Message { get; init; }
}
