using System.Text.Json;

namespace PretrainBench.Training.Results;

/// <summary>How a run ended for good; a failed or pre-empted run has no result.</summary>
public enum RunStatus
{
    /// <summary>Trained to the end of its schedule and evaluated.</summary>
    Done,

    /// <summary>The loss left every bound; a result too, and kept as one.</summary>
    Diverged,
}

/// <summary>What a run found: <c>result.json</c>. Written once, whole, at the run's end.</summary>
public sealed record RunResult
{
    /// <summary>The file's version.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The file's name in the run's folder.</summary>
    public const string FileName = "result.json";

    internal const int MostBytes = 1 << 24;

    /// <summary>The file's version.</summary>
    public int Format { get; init; } = CurrentFormat;

    public required string RunId { get; init; }

    public required RunStatus Status { get; init; }

    /// <summary>Mean loss on the whole validation set at the end, in nats per token; absent when diverged.</summary>
    public double? FinalLoss { get; init; }

    /// <summary>The same loss in bits per byte of text; absent when diverged.</summary>
    public double? BitsPerByte { get; init; }

    /// <summary>The same loss of the averaged weights; absent where none were kept.</summary>
    public double? AveragedLoss { get; init; }

    /// <summary>Their loss in bits per byte of text.</summary>
    public double? AveragedBitsPerByte { get; init; }

    /// <summary>Training loss over about the last twenty steps, in nats per token.</summary>
    public double? SmoothedTrainingLoss { get; init; }

    /// <summary>The step at which it diverged, counted from 1.</summary>
    public int? DivergedAtStep { get; init; }

    /// <summary>Why it counts as diverged.</summary>
    public string? DivergenceReason { get; init; }

    /// <summary>The ladder's name for the model, when it has one.</summary>
    public string? Size { get; init; }

    public required string Optimizer { get; init; }

    public required ParameterCounts Parameters { get; init; }

    public required int Steps { get; init; }

    public required long Tokens { get; init; }

    public long TokensPerStep => Tokens / Steps;

    /// <summary>Tokens in the training data; more tokens trained on than this are repetitions.</summary>
    public required long TrainingTokensAvailable { get; init; }

    /// <summary>Tokens that the final loss is a mean over.</summary>
    public long ValidationTokens { get; init; }

    /// <summary>Bytes of the text that the final loss is over.</summary>
    public long ValidationBytes { get; init; }

    /// <summary>Forward and backward passes, in floating-point operations, see <see cref="ModelFlops"/>.</summary>
    public required double ModelFlops { get; init; }

    /// <summary>Of the optimizer's matrix functions, in floating-point operations.</summary>
    public required double OptimizerFlops { get; init; }

    public double Flops => ModelFlops + OptimizerFlops;

    public required long OptimizerStateBytes { get; init; }

    /// <summary>Seconds of training over all attempts, without evaluations and checkpoints.</summary>
    public required double TrainingSeconds { get; init; }

    public required double OptimizerSeconds { get; init; }

    public required double TokensPerSecond { get; init; }

    /// <summary>The most memory that the process held until the run's end; on CUDA what was in use on the device then,
    /// by all its processes. Null where the system does not tell.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>What matrix products reach here at this precision, in FLOPs per second.</summary>
    public required double CeilingFlopsPerSecond { get; init; }

    /// <summary>The share of that ceiling that forward, backward and optimizer reached.</summary>
    public required double CeilingShare { get; init; }

    public required IReadOnlyDictionary<string, long> OptimizerCounters { get; init; }

    /// <summary>What the optimizer does to which parameters, one line for each rule.</summary>
    public required IReadOnlyList<string> OptimizerRules { get; init; }

    /// <summary>Steps done when each attempt began: [0] for a run without interruption.</summary>
    public required IReadOnlyList<int> AttemptStarts { get; init; }

    /// <summary>Name and content hashes of the data.</summary>
    public required DataFingerprint Data { get; init; }

    /// <summary>Versions of program, runtime and torch, and the machine.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>Threads within torch's operators.</summary>
    public required int Threads { get; init; }

    /// <summary>The resolved configuration, as in config.yaml.</summary>
    public required ConfigMapping Config { get; init; }

    /// <summary>When the run ended, UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Reads a run's result; null when it has none yet.</summary>
    /// <exception cref="UserException">The file is there but cannot be used.</exception>
    public static RunResult? Read(string runFolder)
    {
        var path = Path.Combine(runFolder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var result = JsonSerializer.Deserialize<RunResult>(
                PlainFile.ReadText(path, MostBytes), JsonFormat.Indented);
            if (result is null) throw Unusable(path, "it is null");
            if (result.Format != CurrentFormat)
                throw new UserException($"{path}: has format {result.Format}, this program reads {CurrentFormat}; "
                    + "use the program that wrote it, or delete it and train again");
            return result.Problem() is { } problem ? throw Unusable(path, problem) : result;
        }
        catch (JsonException e)
        {
            throw Unusable(path, JsonFormat.Problem(e), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", ExitCodes.Failed, e);
        }
    }

    /// <summary>A result that cannot be used: what it is, and the cure.</summary>
    public static UserException Unusable(string path, string problem, Exception? inner = null)
        => new($"{path}: is no result of this run ({problem}); delete it and train again, or let `pretrainbench grid "
            + "verify --repair` set it aside", inner: inner);

    private string? Problem() => this switch
    {
        { Status: RunStatus.Done, FinalLoss: not (> 0 and < double.PositiveInfinity) }
            => $"the final loss is {FinalLoss?.Exact() ?? "missing"}",
        { Status: RunStatus.Diverged, FinalLoss: not null } => "it diverged and has a final loss",
        { Steps: < 1 } or { Tokens: < 1 } => $"it counts {Steps} steps and {Tokens} tokens",
        { ModelFlops: not (> 0 and < double.PositiveInfinity) }
            or { OptimizerFlops: not (>= 0 and < double.PositiveInfinity) }
            => $"it counts {ModelFlops.Exact()} and {OptimizerFlops.Exact()} FLOPs",
        { TrainingSeconds: not (>= 0 and < double.PositiveInfinity) }
            => $"it took {TrainingSeconds.Exact()} seconds",
        { Status: RunStatus.Done } when !IsOneEvaluation(FinalLoss!.Value, BitsPerByte)
            => $"{FinalLoss!.Value.Exact()} nats per token and {BitsPerByte?.Exact() ?? "no"} bits per byte are not "
                + $"of one evaluation of {ValidationTokens} tokens in {ValidationBytes} bytes",
        { AveragedLoss: { } averaged } when !IsOneEvaluation(averaged, AveragedBitsPerByte)
            => $"the averaged loss {averaged.Exact()} and {AveragedBitsPerByte?.Exact() ?? "no"} bits per byte are not "
                + "of one evaluation",
        _ => null,
    };

    // The same loss twice: who changes one number alone is found out.
    private bool IsOneEvaluation(double loss, double? bitsPerByte)
        => ValidationTokens > 0 && ValidationBytes > 0 && bitsPerByte is { } bits
            && Math.Abs(bits * Math.Log(2) * ValidationBytes / (loss * ValidationTokens) - 1) < 1e-6;
}

/// <summary>Which data a run saw.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="DataHash">Hash of the tokens and their division into training and validation.</param>
public sealed record DataFingerprint(string Name, string DataHash, string TokenizerHash);

/// <summary>From which step an attempt went on: <c>start.json</c> in its folder.</summary>
/// <param name="Step">Optimizer steps done when it began.</param>
internal sealed record AttemptStart(int Step)
{
    private const string FileName = "start.json";

    public static void Write(RunAttempt attempt, int step)
        => AtomicFile.WriteText(Path.Combine(attempt.Folder, FileName),
            JsonSerializer.Serialize(new AttemptStart(step), JsonFormat.Line) + "\n");

    /// <summary>The starts of the attempts that got as far as starting, in order.</summary>
    public static IReadOnlyList<int> ReadAll(RunFolder folder)
        => [.. folder.Attempts().Select(attempt => Path.Combine(attempt.Folder, FileName)).Where(File.Exists)
            .Select(Read).OfType<AttemptStart>().Select(start => start.Step)];

    /// <summary>Reads one; null when it is damaged, which is no reason to lose the run.</summary>
    internal static AttemptStart? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<AttemptStart>(
                PlainFile.ReadText(path, RunResult.MostBytes), JsonFormat.Line);
        }
        catch (Exception e) when (e is JsonException or UserException)
        {
            return null;
        }
    }
}
