using PretrainBench.Core.Configuration;
using PretrainBench.Models;
using PretrainBench.Optimizers;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>A grid file: axes, a shared base, and a tuning rule that is the same for every optimizer.</summary>
public sealed record GridConfig : IValidated
{
    /// <summary>The grid's name, and the name of its folder under <c>runs/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The run configuration that all cells share: a file beside the grid file, or its keys.</summary>
    [TreeOf(typeof(RunConfig))]
    public required ConfigNode Base { get; init; }

    public required GridAxes Axes { get; init; }

    /// <summary>What an optimizer's name sets below <c>optimizer</c>: keys, or a file of them (<c>.yaml</c>) beside the
    /// grid file; a name without an entry is a rule of the registry with its defaults.</summary>
    [TreeOf(typeof(OptimizerConfig))]
    public IReadOnlyDictionary<string, ConfigNode> Optimizers { get; init; } = new Dictionary<string, ConfigNode>();

    /// <summary>What a size's name sets below <c>model</c>; a name without an entry is one of the ladder.</summary>
    [TreeOf(typeof(ModelConfig))]
    public IReadOnlyDictionary<string, ConfigNode> Sizes { get; init; } = new Dictionary<string, ConfigNode>();

    /// <summary>How learning rates are chosen; null where the axes or the configuration give them.</summary>
    public TuningConfig? Tuning { get; init; }

    /// <summary>How hyper-parameters travel over the cells: keys of <see cref="ScalingConfig"/>, or a file of them
    /// beside the grid file.</summary>
    [TreeOf(typeof(ScalingConfig))]
    public ConfigNode? Scaling { get; init; }

    /// <summary>Cells that are trained with further seeds.</summary>
    public IReadOnlyList<GridRepeat> Repeats { get; init; } = [];

    /// <summary>Whether runs that differ in tokens per parameter alone share their first steps: the longest is the
    /// trunk, and the others leave it where their learning rates fall. Needs a WSD schedule; a warm-up given as a
    /// fraction is of the shortest run.</summary>
    public bool Trunks { get; init; }

    /// <summary>What is impossible. Sections may hold names that are not on their axis, so that an axis can be cut
    /// short on the command line; a misspelt name there is noticed where the axis asks for the right one.</summary>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        var isName = Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        if (Name.Length == 0 || !isName || Name[0] == '.')
            yield return (nameof(Name), $"`{Name}` must be letters, digits, `-`, `_` or `.`: it names a folder");
        foreach (var (name, _) in Sizes.Where(pair => pair.Value is not ConfigMapping))
            yield return (nameof(Sizes), $"{name}: expected keys of the model, such as layers and width");
        foreach (var (name, _) in Optimizers.Where(pair => pair.Value is ConfigSequence))
            yield return (nameof(Optimizers), $"{name}: expected keys of the optimizer, or a file of them");
        foreach (var problem in Repeats.SelectMany(repeat => repeat.Problems(Axes)))
            yield return (nameof(Repeats), problem);
        if (Tuning is null) yield break;
        if (Axes.LearningRate.Count > 0)
            yield return (nameof(Tuning), "there is a learning_rate axis too; keep one of them");
        if (Trunks && Tuning.ForEach.Contains(TuningAxis.TokensPerParameter))
            yield return (nameof(Trunks), "runs of a trunk share their learning rate; leave tokens_per_parameter out "
                + "of tuning.for_each, or train without trunks");
        foreach (var name in Axes.Optimizer.Where(name => !Tuning.Start.ContainsKey(name)))
            yield return (nameof(Tuning),
                $"start: no learning rate to start from for `{name}`{Suggestion.For(name, Tuning.Start.Keys)}");
        if (Tuning.AtSize is { } size && !Axes.Size.Contains(size))
            yield return (nameof(Tuning),
                $"at_size: `{size}` is not on the size axis{Suggestion.For(size, Axes.Size)}");
        if (Tuning.AtTokensPerParameter is { } ratio && !Axes.TokensPerParameter.Contains(ratio))
            yield return (nameof(Tuning), $"at_tokens_per_parameter: {ratio} is not on its axis, which has "
                + string.Join(", ", Axes.TokensPerParameter));
    }

    /// <summary>What of this grid does not go with a scaling.</summary>
    internal IEnumerable<string> ProblemsWith(ScalingConfig scaling)
    {
        if (scaling.BatchTokens is not null && Axes.BatchTokens.Count > 0)
            yield return "batch_tokens: there is an axis of batches too; keep one of them";
        if (Trunks && scaling.BatchTokens is not null)
            yield return "batch_tokens: runs of a trunk share their batch; train without trunks";
        if (scaling.LearningRate is not { } rates) yield break;
        if (Tuning is not null || Axes.LearningRate.Count > 0)
            yield return "learning_rate: rates are tuned too; keep one of them";
        foreach (var name in Axes.Optimizer.Where(name => !rates.Optimizers.ContainsKey(name)))
            yield return $"learning_rate: no rate for `{name}`{Suggestion.For(name, rates.Optimizers.Keys)}";
        if (Trunks && rates.Optimizers.Values.Any(own => own.TokensExponent != 0))
            yield return "learning_rate: runs of a trunk share their rate, and this one changes with the tokens; train "
                + "without trunks";
    }
}
