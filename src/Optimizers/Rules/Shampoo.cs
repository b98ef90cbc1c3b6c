using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>
/// Shampoo (Gupta et al., arXiv 1802.09568) in the form of Distributed Shampoo (Shi et al., arXiv 2309.06497), per
/// block of o dimensions; t is counted from 1, f is the frequency, c = 1−β₂ᵗ:
/// <code>
/// L ← β₂L + (1−β₂)GGᵀ, likewise R         every f steps: L' = (L/c + εI)^(−1/2o), R' likewise
/// Ḡ = (β₃M + (1−β₃)G)/(1−β₃β₁ᵗ⁻¹)         M ← β₁M + (1−β₁)G
/// P = L'ḠR'·‖graft(Ḡ)‖/‖L'ḠR'‖            before the start step: P = graft(Ḡ)
/// P ← P + wW, then classic momentum if any; W ← W − lr·P
/// </code>
/// State of an m × n matrix: 2 + 2(m² + n²)/(mn) numbers per parameter with grafting.</summary>
internal sealed class Shampoo : UpdateRule
{
    // Keeps the grafting factor finite for a zero update.
    private const double GraftGuard = 1e-16;

    private readonly ShampooOptions _options;
    private readonly Factors[] _factors;
    private readonly DecompositionFailures _failures;

    public Shampoo(ShampooOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _factors = [.. Slots.Select(slot => new Factors(State, slot, options))];
        _failures = new DecompositionFailures(State, Device);
    }

    public override IReadOnlyDictionary<string, long> Counters => _failures.Counters;

    public override double FlopsPerStep => _factors.Sum(factors => factors.Blocks.Sum(block => block.FlopsPerStep()));

    protected override bool ParametersAreIndependent => true;

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var factors = _factors[slot.Index];
        var t = ++factors.Step.Value;
        Observe(factors, Split(factors, gradient), t);
        factors.Grafting.Observe(gradient);
        var filtered = Filter(factors, gradient, t);
        var isOnlyGraft = t < _options.ResolvedStartStep && factors.Grafting.IsOn;
        var learningRate = Options.ScheduledLearningRate(step);
        if (factors.ClassicMomentum is { } momentum)
        {
            var update = isOnlyGraft ? factors.Grafting.Direction(filtered, t) : Assembled(factors, filtered, t);
            slot.Weight.add_(WithMomentum(momentum, WithDecay(slot, update.view(slot.Weight.shape), step)),
                -learningRate);
            return;
        }
        Decay(slot, step);
        if (isOnlyGraft)
            slot.Weight.add_(_options.Matched(factors.Grafting.Direction(filtered, t).view(factors.WholeShape),
                factors.Dimensions).view(slot.Weight.shape), -learningRate);
        else Move(factors, slot.Weight, filtered, t, -learningRate);
    }

    private void Observe(Factors factors, IReadOnlyList<Tensor> gradients, double t)
    {
        var start = _options.ResolvedStartStep;
        var isDue = t == start || (t > start && t % _options.PreconditionFrequency == 0);
        foreach (var (block, gradient) in factors.Blocks.Zip(gradients))
        {
            block.Observe(gradient);
            if (isDue) block.Renew(t, _failures);
            block.ObserveRotated(gradient);
        }
    }

    private Tensor Filter(Factors factors, Tensor gradient, double t)
    {
        if (factors.Momentum is not { } momentum) return gradient;
        var (beta1, beta3) = (_options.Beta1, _options.ResolvedBeta3);
        using var mixed = beta3 == beta1 ? null : momentum.mul(beta3).add_(gradient, 1 - beta3);
        momentum.mul_(beta1).add_(gradient, 1 - beta1);
        return (mixed ?? momentum).div(_options.BiasCorrection ? 1 - beta3 * Math.Pow(beta1, t - 1) : 1);
    }

    // target ← target + rate·P, block by block, with each block's grafted length.
    private void Move(Factors factors, Tensor target, Tensor filtered, double t, double rate)
    {
        var grafts = factors.Grafting.IsOn ? Split(factors, factors.Grafting.Direction(filtered, t)) : null;
        var parts = Split(factors, filtered);
        var targets = Split(factors, target);
        for (var i = 0; i < targets.Count; i++)
        {
            using var scope = NewDisposeScope();
            var update = factors.Blocks[i].Precondition(parts[i], t);
            if (grafts is null || _options.UpdateRms is not null)
                targets[i].add_(_options.Matched(update, factors.Dimensions), rate);
            else targets[i].addcmul_(update, factors.Norm(grafts[i]).div_(factors.Norm(update).add_(GraftGuard)), rate);
        }
    }

    private Tensor Assembled(Factors factors, Tensor filtered, double t)
    {
        var update = zeros_like(filtered);
        Move(factors, update, filtered, t, rate: 1);
        return update;
    }

    private Tensor WithDecay(ParameterSlot slot, Tensor update, OptimizerStep step)
    {
        var learningRate = Options.ScheduledLearningRate(step);
        var shrinkage = Options.Shrinkage(step);
        return shrinkage == 0 || learningRate == 0 ? update : update.add(slot.Weight, shrinkage / learningRate);
    }

    private Tensor WithMomentum(Tensor momentum, Tensor update)
    {
        var weight = 1 - _options.Dampening;
        momentum.mul_(_options.Momentum).add_(update, weight);
        return _options.Nesterov ? momentum.mul(_options.Momentum).add_(update, weight) : momentum;
    }

    private IReadOnlyList<Tensor> Split(Factors factors, Tensor tensor)
        => TensorBlocks.Split(tensor.reshape(factors.WholeShape), _options.MaxPreconditionerDimension,
            first: factors.WholeShape.Length - factors.Shape.Length);

    /// <summary>The state of one parameter, or of a stack.</summary>
    private sealed class Factors
    {
        public Factors(RuleState state, ParameterSlot slot, ShampooOptions options)
        {
            Shape = slot.Shape.Length == 0 ? [1] : slot.Shape;
            if (options.MergeDimensions)
                Shape = DimensionMerging.Backward(Shape, options.MaxPreconditionerDimension, options.TargetDimensions);
            WholeShape = slot.IsStack ? [slot.StackSize, .. Shape] : Shape;
            Dimensions = TensorAxes.Last(Shape.Length);
            Step = state.Scalar(slot, "step");
            Momentum = options.Beta1 == 0 ? null : state.Zeros(slot, "momentum");
            ClassicMomentum = options.Momentum == 0 ? null : state.Zeros(slot, "classic_momentum");
            Grafting = new Grafting(state, slot, options.Grafting);
            using var scope = NewDisposeScope();
            var blocks = slot.ElementCount == 0
                ? []
                : TensorBlocks.Split(empty(Shape, device: META), options.MaxPreconditionerDimension);
            Blocks = [.. blocks.Select((block, index) => new ShampooBlock(state, slot, index, block.shape, options))];
        }

        /// <summary>The shape, merged, with the stack's size in front where there is one.</summary>
        public long[] WholeShape { get; }

        public long[] Shape { get; }

        public StateScalar Step { get; }

        public Tensor? Momentum { get; }

        public Tensor? ClassicMomentum { get; }

        public Grafting Grafting { get; }

        public IReadOnlyList<ShampooBlock> Blocks { get; }

        /// <summary>Those of one block, counted from the last.</summary>
        public long[] Dimensions { get; }

        /// <summary>The Frobenius norm of each matrix.</summary>
        public Tensor Norm(Tensor block) => linalg.vector_norm(block, 2, Dimensions, keepdim: true);
    }
}
