using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Models;
using PretrainBench.Optimizers;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Scaling;

/// <summary>Lays a grid's scaling over a cell's configuration.</summary>
internal static class CellScaling
{
    /// <summary>Where a run lies.</summary>
    public static ScalingPlace PlaceOf(ModelShape shape, double tokensPerParameter)
    {
        var size = ParameterCounts.Of(shape).NonEmbedding;
        return new() { Parameters = size, Tokens = tokensPerParameter * size, Width = shape.Width };
    }

    /// <param name="optimizer">The name on the optimizer axis.</param>
    /// <exception cref="UserException">The optimizer's groups already have the hidden matrices.</exception>
    public static RunConfig Apply(
        ScalingConfig scaling, RunConfig config, string optimizer, double tokensPerParameter)
    {
        // The size without embeddings and head does not depend on the vocabulary.
        var place = PlaceOf(config.Model.Resolve(config.Model.VocabularySize ?? 1), tokensPerParameter);
        var (options, groups, batch) = (config.Optimizer.Options, config.Optimizer.Groups, config.Batch);
        if (scaling.LearningRate is { } rates)
            options = options with { LearningRate = rates.Of(optimizer, place).ToSixDigits() };
        if (scaling.WeightDecay is { } decay)
            options = options with { WeightDecay = options.WeightDecay * decay.AtWidth / place.Width };
        if (scaling.HiddenLearningRate is { } hidden)
            groups = groups.Any(group => group.Roles.Contains(ParameterRole.HiddenMatrix))
                ? throw new UserException($"scaling.hidden_learning_rate: {optimizer} has a group for hidden_matrix "
                    + "already; leave one of them out")
                : [.. groups, new OptimizerGroup
                {
                    Roles = [ParameterRole.HiddenMatrix],
                    LearningRateRatio = hidden.AtWidth / place.Width,
                }];
        if (scaling.BatchTokens is { } growth)
            batch = batch with
            {
                SequencesPerStep = (int)Math.Max(1, Math.Round(
                    batch.SequencesPerStep * Math.Pow(place.Tokens / growth.AtTokens, growth.Exponent))),
            };
        return config with { Optimizer = config.Optimizer with { Options = options, Groups = groups }, Batch = batch };
    }
}
