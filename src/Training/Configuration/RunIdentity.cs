namespace PretrainBench.Training.Configuration;

/// <summary>What makes a run the run that it is: everything that changes its result, and nothing else. The data counts
/// by its content, not by its folder; evaluation on the way, checkpoints, device and threads do not count.</summary>
internal static class RunIdentity
{
    // Counts up whenever the same configuration comes to mean another computation, or is hashed in another form: 2
    // since numbers and truth values are hashed as such and not as texts.
    private const int Version = 2;

    /// <summary>The hash of a run's identity, twelve hexadecimal digits.</summary>
    public static string Of(ResolvedRun run) => OfSeed(run)(run.Config.Seed);

    /// <summary>The identity of each run that differs from one in its seed alone.</summary>
    public static Func<ulong, string> OfSeed(ResolvedRun run)
    {
        var counted = ((ConfigMapping)ConfigWriter.ToTree(run.Config))
            .Without("data", "budget", "evaluation", "checkpoint", "execution");
        var rest = new Dictionary<string, object>
        {
            ["version"] = Version,
            ["data_hash"] = run.Data.DataHash,
            ["tokenizer_hash"] = run.Data.TokenizerHash,
            ["data_seed"] = run.Config.Data.Seed,
            ["steps"] = run.Steps,
        };
        var whole = counted.Overlay((ConfigMapping)ConfigWriter.ToTree(rest));
        return seed => ContentHash.ShortOfText(ConfigWriter.ToCanonicalJson(
            whole.With(SnakeCase.From(nameof(RunConfig.Seed)), ConfigWriter.ToTree(seed))));
    }
}
