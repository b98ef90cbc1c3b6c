using PretrainBench.Models;
using PretrainBench.Optimizers;
using PretrainBench.Torch;
using TorchSharp;

namespace PretrainBench.Training.Tests.Golden;

/// <summary>Twenty training steps of a small model, made to be repeated: seeded weights, seeded tokens, AdamW, clipping
/// at 1.</summary>
internal static class GoldenRun
{
    /// <summary>Steps that are taken.</summary>
    public const int Steps = 20;

    private const int Vocabulary = 97, Sequences = 4;

    // Longer than a block of any attention that cuts sequences, and no multiple of one.
    private const int Length = 150;

    /// <summary>The loss of every step, in nats per token.</summary>
    public static double[] Losses(ModelFamily family, Precision precision)
    {
        var config = new ModelConfig
        {
            Family = family,
            Layers = 3,
            Width = 48,
            Heads = 3,
            TiedEmbeddings = family == ModelFamily.Llama,
        };
        using var model = new Decoder(config.Resolve(Vocabulary), seed: 1, precision: precision);
        using var optimizer = OptimizerConfig.Default("adamw").Create(model.Parameters, seed: 1);
        var random = new Random(1);
        return [.. Enumerable.Range(0, Steps).Select(step => Step(model, optimizer, step, Tokens(random)))];
    }

    private static double Step(Decoder model, CompositeOptimizer optimizer, int step, Tensor tokens_BT)
    {
        using var scope = NewDisposeScope();
        var loss = model.Loss(tokens_BT.narrow(1, 0, Length), tokens_BT.narrow(1, 1, Length), zLoss: 1e-4);
        loss.backward();
        Operators.ClipTogether([.. model.Parameters.Select(parameter => parameter.Value.grad!)], 1);
        optimizer.Step(new OptimizerStep(step, 1));
        foreach (var parameter in model.Parameters) parameter.Value.grad = null;
        tokens_BT.Dispose();
        return loss.ToDouble();
    }

    /// <summary>Sequences with something to learn: mostly each token is the one before it times five, plus
    /// one.</summary>
    private static Tensor Tokens(Random random)
    {
        var tokens = new long[Sequences * (Length + 1)];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = i == 0 || random.NextDouble() < 0.2
                ? random.Next(Vocabulary)
                : (5 * tokens[i - 1] + 1) % Vocabulary;
        return tensor(tokens, new long[] { Sequences, Length + 1 });
    }
}
