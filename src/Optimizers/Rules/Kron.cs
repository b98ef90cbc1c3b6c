using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>
/// Kron, the Kronecker-factored form of PSGD (Li, arXiv 1512.04202 and 1809.10232; Pooladzandi and Li, arXiv
/// 2402.04553), as in Walters' code. For each m × n matrix, with factors Qₗ and Qᵣ that start as identities and a
/// random V at every use:
/// <code>
/// M ← β₁M + (1−β₁)g        m = M/(1−β₁ᵗ)       G = m + √ε·mean|m|·V,  ε = 2⁻²³
/// A = Qₗ G Qᵣᵀ             B = Qₗ⁻ᵀ V Qᵣ⁻¹      when due, for each side (written for the left):
/// Q ← Q − μ·triu(AAᵀ − BBᵀ)/‖AAᵀ + BBᵀ‖ · Q
/// P = QₗᵀQₗ m QᵣᵀQᵣ        P ← P·min(1, 1.1/rms(P))       W ← (1−lr·w)W − lr·P
/// </code>
/// At rest E[AAᵀ] = E[BBᵀ]: the update is whitened. Vectors have one diagonal factor; further dimensions are flattened
/// into the columns. State: 1 + (m² + n²)/(mn) numbers per parameter.</summary>
/// <remarks>Deviation: the reference also leaves the noise √ε·mean|m|·V in the momentum that it steps along, and
/// balances the factors at random instants; here they are balanced at every hundredth use.</remarks>
internal sealed class Kron : UpdateRule
{
    private const int UsesBetweenBalances = 100;
    private static readonly double NoiseScale = Math.Sqrt(Math.Pow(2, -23));
    private readonly KronOptions _options;
    private readonly (Tensor Momentum, StateScalar Step, KronFactor[][] Factors)[] _state;
    private readonly (StateScalar Steps, StateScalar StepsSinceUse, StateScalar Uses) _counts;
    private bool _isDue;

    /// <summary>Builds the rule.</summary>
    /// <param name="context">The parameters and the seed, of which the probes are drawn.</param>
    public Kron(KronOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [.. Slots.Select(slot => (State.Zeros(slot, "momentum"), State.Scalar(slot, "step"), Factors(slot)))];
        _counts = (State.Scalar("steps"), State.Scalar("steps_since_use"), State.Scalar("uses"));
        Probe = Draw;
    }

    /// <remarks>Whitening at every step; products, solves and factor updates at the frequency of long runs.</remarks>
    public override double FlopsPerStep
        => Slots.SelectMany(MatrixBlocks.Shapes).Sum(shape =>
        {
            double rows = shape.Rows, columns = shape.Columns;
            var products = rows * rows * columns + rows * columns * columns;
            return 4 * products + _options.MinUpdateProbability * (2 + 1 + 4) * products
                + _options.MinUpdateProbability * 2 * (Math.Pow(rows, 3) + Math.Pow(columns, 3));
        });

    /// <summary>Draws V for the block of a parameter at its step; replaced where the reference's own draws are
    /// replayed.</summary>
    internal Func<ParameterSlot, int, long, long[], Tensor> Probe { get; set; }

    protected override void Update(OptimizerStep step)
    {
        _counts.StepsSinceUse.Value++;
        _isDue = _counts.StepsSinceUse.Value >= 1 / _options.UpdateProbability(_counts.Steps.Value);
        _counts.Steps.Value++;
        if (_isDue)
        {
            _counts.StepsSinceUse.Value = 0;
            _counts.Uses.Value++;
        }
        base.Update(step);
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (momentum, count, blocks) = _state[slot.Index];
        count.Value++;
        momentum.mul_(_options.Beta1).add_(gradient, 1 - _options.Beta1);
        var direction = momentum.div(1 - Math.Pow(_options.Beta1, count.Value));
        if (_isDue) Learn(slot, _options.MomentumIntoPreconditioner ? direction : gradient.contiguous());
        Decay(slot, step);
        foreach (var ((weight_MN, direction_MN), factors) in Blocks(slot, slot.Weight)
                .Zip(Blocks(slot, direction)).Zip(blocks))
        {
            var update_MN =
                factors.Aggregate(direction_MN, (x_MN, factor) => factor.ApplyTransposed(factor.Apply(x_MN)));
            var shrink_1 =
                update_MN.square().mean().sqrt_().add_(1e-12).reciprocal_().mul_(_options.MaxUpdateRms).clamp_max_(1);
            weight_MN.sub_(_options.Matched(update_MN.mul(shrink_1), -2, -1).mul_(Options.ScheduledLearningRate(step)));
        }
    }

    // One step of each factor of a parameter towards whitening.
    private void Learn(ParameterSlot slot, Tensor gradient)
    {
        var (_, count, blocks) = _state[slot.Index];
        foreach (var ((gradient_MN, factors), block) in Blocks(slot, gradient).Zip(blocks)
                .Select((pair, block) => (pair, block)))
        {
            using var scope = NewDisposeScope();
            if (_counts.Uses.Value % UsesBetweenBalances == 0 && factors.Length > 1) Balance(factors);
            var probe_MN = Probe(slot, block, (long)count.Value, gradient_MN.shape);
            var noisy_MN = gradient_MN.add(probe_MN.mul(gradient_MN.abs().mean().mul_(NoiseScale)));
            var a_MN = factors.Aggregate(noisy_MN, (x_MN, factor) => factor.Apply(x_MN));
            var b_MN = factors.Aggregate(probe_MN, (x_MN, factor) => factor.SolveTransposed(x_MN));
            // Zeros would only blow the factors up.
            var rate_1 = gradient_MN.any().to_type(slot.StateType).mul_(_options.PreconditionerLearningRate);
            foreach (var factor in factors) factor.Learn(a_MN, b_MN, rate_1);
        }
    }

    // Gives the factors the same largest entry; their product stays.
    private static void Balance(KronFactor[] factors)
    {
        var largest = factors.Select(factor => factor.Q.abs().max()).ToList();
        var mean_1 = stack(largest).log().mean().exp();
        foreach (var (factor, own_1) in factors.Zip(largest)) factor.Scale(mean_1.div(own_1));
    }

    private Tensor Draw(ParameterSlot slot, int block, long step, long[] shape)
    {
        using var generator =
            new Generator(SeedSequence.Derive(Seed, $"kron:{slot.Name}:{block}", step), slot.Weight.device);
        return empty(shape, dtype: slot.StateType, device: slot.Weight.device).normal_(0, 1, generator);
    }

    private KronFactor[][] Factors(ParameterSlot slot)
    {
        if (slot.ElementCount == 0) return [];
        if (slot.Shape.Length < 2)
            return [[Factor(slot, block: 0, axis: 0, Start(slot, slot.ElementCount, 1, isTriangular: false))]];
        return [.. MatrixBlocks.BlockShapes(slot).Select((shape, block) => (KronFactor[])
        [
            Factor(slot, block, 0, Start(slot, shape.Rows, 2, _options.IsTriangular(shape.Rows, shape.Columns))),
            Factor(slot, block, 1, Start(slot, shape.Columns, 2, _options.IsTriangular(shape.Columns, shape.Rows))),
        ])];
    }

    private KronFactor Factor(ParameterSlot slot, int block, int axis, Tensor start)
        => new(State.Add($"{slot.Name}/factor_{block}_{axis}", start), axis);

    private Tensor Start(ParameterSlot slot, long size, int sides, bool isTriangular)
        => (isTriangular
            ? eye(size, dtype: slot.StateType, device: slot.Weight.device)
            : ones([size], dtype: slot.StateType, device: slot.Weight.device))
            .mul_(Math.Pow(_options.InitialScale, 1.0 / sides));

    // A parameter as its matrices; a vector as one column.
    private static IEnumerable<Tensor> Blocks(ParameterSlot slot, Tensor tensor)
        => slot.Shape.Length < 2 ? [tensor.view(-1, 1)] : MatrixBlocks.Of(slot, tensor);
}
