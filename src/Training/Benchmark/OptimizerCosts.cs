using PretrainBench.Optimizers;

namespace PretrainBench.Training.Benchmark;

/// <summary>What a rule costs by its arithmetic, whatever the machine.</summary>
/// <param name="Roles">What it serves unless configured otherwise.</param>
/// <param name="StateBytesPerParameter">Of a float32 matrix between hidden layers.</param>
/// <param name="FlopsShare">Of a step's work beyond a few operations per parameter, in that of the forward and backward
/// pass.</param>
public sealed record OptimizerCost(string Name, string Summary, IReadOnlyList<ParameterRole> Roles,
    double StateBytesPerParameter, double FlopsShare);

/// <summary>Asks every rule, with its defaults, on the hidden matrices of one model.</summary>
public static class OptimizerCosts
{
    /// <summary>The model, a name of <see cref="ModelLadder"/>.</summary>
    public const string Size = "10M";

    /// <summary>Tokens of the pass that a step's work is compared with.</summary>
    public const int TokensPerStep = 1 << 16;

    private const int SequenceLength = 256, VocabularySize = 8192;

    public static IReadOnlyList<OptimizerCost> All()
    {
        var shape = new ModelConfig { Size = Size }.Resolve(VocabularySize);
        var pass = TokensPerStep * ModelFlops.TrainingPerToken(shape, SequenceLength);
        using var model = new Decoder(shape, seed: 0, CPU);
        var matrices = model.Parameters.Where(parameter => parameter.Role == ParameterRole.HiddenMatrix).ToList();
        var numbers = matrices.Sum(matrix => matrix.Value.numel());
        return [.. RuleRegistry.All.Select(rule =>
        {
            using var own = rule.Defaults().Create(new RuleContext(matrices, Seed: 0));
            return new OptimizerCost(rule.Name, rule.Summary, rule.Roles, own.StateBytes / (double)numbers,
                own.FlopsPerStep / pass);
        })];
    }
}
