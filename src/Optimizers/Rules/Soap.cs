using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>
/// SOAP (Vyas et al., arXiv 2409.11321), as in its reference code. On the first gradient of a parameter only the
/// statistics L ← (1−βₛ)GGᵀ, R ← (1−βₛ)GᵀG and their eigenvectors are taken; the parameter stays. Then, s counted from
/// 1:
/// <code>
/// G' = QLᵀ G QR           m ← β₁m + (1−β₁)G'      v ← β₂v + (1−β₂)G'²       (m and v in the eigenbasis)
/// W ← W − lr·√(1−β₂ˢ)/(1−β₁ˢ) · QL (m/(√v + ε)) QRᵀ        W ← (1−lr·w)W
/// L ← βₛL + (1−βₛ)GGᵀ     every f steps: Q ← qr(LQ) after ordering, m follows the basis, v is only reordered
/// </code>
/// State: 2 + 2(m² + n²)/(mn) numbers per parameter of an m × n matrix.</summary>
/// <remarks>Deviation: m moves to a new basis by one product QᵀQ', only when the basis changes; the reference moves it
/// out and back at every step, with the same result.</remarks>
internal sealed class Soap : UpdateRule
{
    private readonly SoapOptions _options;
    private readonly double _statisticsBeta;
    private readonly Factors[] _factors;
    private readonly DecompositionFailures _failures;

    public Soap(SoapOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _statisticsBeta = options.ShampooBeta ?? options.Beta2;
        _factors = [.. Slots.Select(slot => new Factors(State, slot, options))];
        _failures = new DecompositionFailures(State, Device);
    }

    public override IReadOnlyDictionary<string, long> Counters => _failures.Counters;

    /// <remarks>Rotating there and back and the statistics at every step; products, QR (8/3 d³) and moving m when
    /// due.</remarks>
    public override double FlopsPerStep => _factors.Sum(factors =>
    {
        var sides = factors.Shape.Zip(factors.Axes).Where(pair => pair.Second is not null)
            .Select(pair => (double)pair.First).ToList();
        var elements = factors.Shape.Aggregate(1.0, (product, size) => product * size);
        var due = sides.Sum(size => (2 + 8.0 / 3 + 2) * size * size * size + 2 * size * elements);
        return factors.Matrices
            * (sides.Sum(size => 3 * 2 * size * elements) + due / _options.PreconditionFrequency);
    });

    protected override bool ParametersAreIndependent => true;

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var factors = _factors[slot.Index];
        var merged = gradient.reshape(factors.First.shape);
        if (factors.Begun.Value == 0)
        {
            Accumulate(factors, merged);
            foreach (var axis in factors.Axes)
                if (axis is not null) SoapBasis.Begin(axis, factors.Matrices, _failures);
            factors.Begun.Value = 1;
            return;
        }
        slot.Weight.add_(Direction(factors, merged).view(slot.Weight.shape),
            -Options.ScheduledLearningRate(step) * Correction(factors));
        Decay(slot, step);
        Accumulate(factors, merged);
        if ((long)factors.Step.Value % _options.PreconditionFrequency == 0) Renew(factors);
    }

    private Tensor Direction(Factors factors, Tensor gradient)
    {
        var rotated = TensorAxes.MultiplyAll(gradient, factors.Bases);
        factors.Step.Value++;
        factors.First.mul_(_options.Beta1).add_(rotated, 1 - _options.Beta1);
        factors.Second.mul_(_options.Beta2).addcmul_(rotated, rotated, 1 - _options.Beta2);
        var direction = factors.First.div(factors.Second.sqrt().add_(_options.Epsilon));
        direction = TensorAxes.MultiplyAll(direction, factors.Bases, transposed: true);
        return _options.Matched(direction, factors.Dimensions);
    }

    private double Correction(Factors factors) => _options.BiasCorrection
        ? Math.Sqrt(1 - Math.Pow(_options.Beta2, factors.Step.Value))
            / (1 - Math.Pow(_options.Beta1, factors.Step.Value))
        : 1;

    private void Accumulate(Factors factors, Tensor gradient)
    {
        for (var axis = 0; axis < factors.Axes.Length; axis++)
            if (factors.Axes[axis] is { } side)
                TensorAxes.AccumulateGram(side.Statistics_DD, gradient, axis, _statisticsBeta, 1 - _statisticsBeta);
    }

    private void Renew(Factors factors)
    {
        for (var axis = 0; axis < factors.Axes.Length; axis++)
        {
            if (factors.Axes[axis] is not { } side) continue;
            using var scope = NewDisposeScope();
            var (basis_DD, order_D) = SoapBasis.Follow(side);
            _failures.Take(factors.Matrices, (side.Basis_DD, basis_DD),
                (factors.Second, TensorAxes.Reorder(factors.Second, axis, order_D)),
                (factors.First, TensorAxes.Multiply(factors.First, axis, side.Basis_DD.mT.matmul(basis_DD))));
        }
    }

    /// <summary>The state of one parameter, or of a stack.</summary>
    private sealed class Factors
    {
        public Factors(RuleState state, ParameterSlot slot, SoapOptions options)
        {
            var isVector = slot.Shape.Length < 2;
            Shape = options.MergeDimensions && !isVector
                ? DimensionMerging.Forward(slot.Shape, options.MaxPreconditionerDimension)
                : slot.Shape;
            if (Shape.Length == 0) Shape = [1];
            Matrices = slot.StackSize;
            Dimensions = TensorAxes.Last(Shape.Length);
            First = state.Zeros(slot, "first_moment", Shape);
            Second = state.Zeros(slot, "second_moment", Shape);
            Step = state.Scalar(slot, "step");
            Begun = state.Scalar(slot, "begun");
            Axes = [.. Shape.Select((size, axis) => size == 0 || size > options.MaxPreconditionerDimension
                || (isVector && !options.PreconditionVectors) ? null
                : new SoapAxis(state.Zeros(slot, $"statistics_{axis}", [size, size]),
                    state.Identity(slot, $"basis_{axis}", size)))];
            Bases = [.. Axes.Select(axis => axis?.Basis_DD)];
        }

        public int Matrices { get; }

        public long[] Shape { get; }

        /// <summary>Those of one matrix, counted from the last.</summary>
        public long[] Dimensions { get; }

        public Tensor First { get; }

        public Tensor Second { get; }

        public StateScalar Step { get; }

        public StateScalar Begun { get; }

        public SoapAxis?[] Axes { get; }

        public Tensor?[] Bases { get; }
    }
}
