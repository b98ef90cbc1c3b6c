using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="SoapMuon"/>, beside Muon's.</summary>
[Rule("soap-muon", "Muon on a momentum that SOAP preconditions, on hidden matrices")]
public sealed record SoapMuonOptions : MuonOptions
{
    /// <summary>Muon's learning rate and decay; twelve convergent steps, as in the records of modded-nanogpt's
    /// optimizer track.</summary>
    public SoapMuonOptions()
        => Orthogonalisation = new OrthogonalisationOptions { Coefficients = CoefficientSet.Convergent, Steps = 12 };

    /// <summary>Decay of the second moment and of the statistics.</summary>
    public double Beta2 { get; init; } = 0.9;

    /// <summary>The least denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Every how many steps the eigenbasis is renewed.</summary>
    public int PreconditionFrequency { get; init; } = 1;

    public override UpdateRule Create(RuleContext context) => new SoapMuon(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Beta2), Beta2), .. CheckPositive(nameof(Epsilon), Epsilon),
            .. CheckPositive(nameof(PreconditionFrequency), PreconditionFrequency)];
}

/// <summary>
/// SOAP-Muon (Vyas; modded-nanogpt's optimizer track): <see cref="Muon"/>, whose momentum u is preconditioned by SOAP's
/// statistics, basis and second moment of each m × n matrix:
/// <code>
/// U' = QLᵀ u QR       v ← β₂v + (1−β₂)U'²      W ← (1−lr·w)W − lr·s·NewtonSchulz(QL (U'/max(√v, ε)) QRᵀ)
/// L ← β₂L + (1−β₂)GGᵀ, likewise R      every f steps: Q ← qr(LQ) after ordering, v is reordered
/// </code>
/// The first step is Muon's. State: 2 + 2(m² + n²)/(mn) numbers per parameter.</summary>
internal sealed class SoapMuon : Muon
{
    private readonly SoapMuonOptions _options;
    private readonly Tensor[] _second;
    private readonly StateScalar[] _count;
    private readonly SoapAxis[][][] _axes;
    private readonly DecompositionFailures _failures;

    public SoapMuon(SoapMuonOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _second = [.. Slots.Select(slot => State.Zeros(slot, "second_moment"))];
        _count = [.. Slots.Select(slot => State.Scalar(slot, "gradients"))];
        _axes = [.. Slots.Select(slot => MatrixBlocks.BlockShapes(slot)
            .Select((shape, block) => SoapBasis.Axes(State, slot, block, shape)).ToArray())];
        _failures = new DecompositionFailures(State, Device);
    }

    public override IReadOnlyDictionary<string, long> Counters => _failures.Counters;

    /// <remarks>Muon's; rotating there and back and the statistics; products and QR (8/3 d³) when due.</remarks>
    public override double FlopsPerStep => base.FlopsPerStep
        + Slots.SelectMany(MatrixBlocks.Shapes).Sum(shape =>
        {
            double m = shape.Rows, n = shape.Columns;
            return 6 * m * n * (m + n) + (m * m * m + n * n * n) * (2 + 8.0 / 3) / _options.PreconditionFrequency;
        });

    protected override Tensor Direction(ParameterSlot slot, Tensor gradient)
    {
        var momentum = base.Direction(slot, gradient);
        var seen = _count[slot.Index].Value++;
        var direction = seen == 0 ? momentum : empty_like(momentum);
        foreach (var (block, ((momentum_MN, direction_MN), (gradient_MN, second_MN))) in
            MatrixBlocks.Of(slot, momentum).Zip(MatrixBlocks.Of(slot, direction))
                .Zip(MatrixBlocks.Of(slot, gradient).Zip(MatrixBlocks.Of(slot, _second[slot.Index]))).Index())
        {
            var axes = _axes[slot.Index][block];
            if (seen > 0) direction_MN.copy_(Preconditioned(momentum_MN, second_MN, axes));
            Observe(slot.StackSize, gradient_MN, second_MN, axes, seen);
        }
        return direction;
    }

    // The reference scales it back to the momentum's norm, which Newton–Schulz takes out again.
    private Tensor Preconditioned(Tensor momentum_MN, Tensor second_MN, SoapAxis[] axes)
    {
        Tensor[] bases = [.. axes.Select(axis => axis.Basis_DD)];
        var rotated_MN = TensorAxes.MultiplyAll(momentum_MN, bases);
        second_MN.mul_(_options.Beta2).addcmul_(rotated_MN, rotated_MN, 1 - _options.Beta2);
        var scaled_MN = rotated_MN.div_(second_MN.sqrt().clamp_min_(_options.Epsilon));
        return TensorAxes.MultiplyAll(scaled_MN, bases, transposed: true);
    }

    private void Observe(int matrices, Tensor gradient_MN, Tensor second_MN, SoapAxis[] axes, double seen)
    {
        for (var axis = 0; axis < 2; axis++)
        {
            using var scope = NewDisposeScope();
            TensorAxes.AccumulateGram(axes[axis].Statistics_DD, gradient_MN, axis, _options.Beta2, 1 - _options.Beta2);
            if (seen == 0) SoapBasis.Begin(axes[axis], matrices, _failures);
            else if (seen % _options.PreconditionFrequency == 0)
            {
                var (basis_DD, order_D) = SoapBasis.Follow(axes[axis]);
                _failures.Take(matrices, (axes[axis].Basis_DD, basis_DD),
                    (second_MN, TensorAxes.Reorder(second_MN, axis, order_D)));
            }
        }
    }
}
