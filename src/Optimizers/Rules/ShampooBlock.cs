using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>One block of a parameter in Shampoo: its statistics per axis, and their inverse roots or
/// eigenvectors.</summary>
internal sealed class ShampooBlock
{
    private readonly ShampooOptions _options;
    private readonly Tensor[] _statistics;
    private readonly Tensor[] _roots;
    private readonly Tensor? _eigenvalues;
    private readonly StateScalar _hasRoots;
    private readonly int _matrices;

    public ShampooBlock(RuleState state, ParameterSlot slot, int index, long[] shape, ShampooOptions options)
    {
        _options = options;
        Shape = shape;
        _matrices = slot.StackSize;
        _statistics = [.. shape.Select((size, axis) => state.Zeros(slot, $"statistics_{index}_{axis}", [size, size]))];
        _roots = [.. shape.Select((size, axis) => state.Identity(slot, $"roots_{index}_{axis}", size))];
        _hasRoots = state.Scalar(slot, $"has_roots_{index}");
        if (options.Preconditioner == ShampooPreconditioner.EigenvalueCorrected)
            _eigenvalues = state.Zeros(slot, $"eigenvalues_{index}", shape);
    }

    public long[] Shape { get; }

    /// <summary>Takes the gradient's outer products in.</summary>
    public void Observe(Tensor gradient)
    {
        for (var axis = 0; axis < _statistics.Length; axis++)
            TensorAxes.AccumulateGram(_statistics[axis], gradient, axis, _options.Beta2,
                ShampooOptions.NewWeight(_options.Beta2));
    }

    /// <summary>Takes the roots or eigenvectors anew; what fails keeps its last good value.</summary>
    public void Renew(double step, DecompositionFailures failures)
    {
        for (var axis = 0; axis < _statistics.Length; axis++)
        {
            using var scope = NewDisposeScope();
            TensorAxes.Complete(_statistics[axis]);
            failures.Take(_matrices,
                Root(Scaled(_statistics[axis], step)) is { } root_DD ? [(_roots[axis], root_DD)] : null);
        }
        _hasRoots.Value = 1;
    }

    /// <summary>Takes the squared gradient in the present eigenbasis in; only for the eigenvalue-corrected
    /// form.</summary>
    public void ObserveRotated(Tensor gradient)
    {
        if (_eigenvalues is null) return;
        using var scope = NewDisposeScope();
        var rotated = Rotate(gradient, transposed: false);
        if (_options.Beta2 != 1) _eigenvalues.mul_(_options.Beta2);
        _eigenvalues.addcmul_(rotated, rotated, ShampooOptions.NewWeight(_options.Beta2));
    }

    /// <summary>The preconditioned update; may be the argument itself. The caller's scope owns it.</summary>
    public Tensor Precondition(Tensor filtered, double step)
    {
        if (_eigenvalues is null) return Rotate(filtered, transposed: false);
        using var scope = NewDisposeScope();
        var scale = _eigenvalues.div(StatisticsCorrection(step)).pow_(_options.ExponentFor(Shape.Length)).add_(
            _options.Epsilon);
        return Rotate(Rotate(filtered, transposed: false).div(scale), transposed: true).MoveToOuterDisposeScope();
    }

    public double FlopsPerStep()
    {
        var elements = Shape.Aggregate(1.0, (product, size) => product * size);
        var products = _options.Preconditioner == ShampooPreconditioner.EigenvalueCorrected ? 4 : 2;
        // An eigendecomposition with vectors and the product that makes the root: about 9 d³ and 2 d³.
        return _matrices * Shape.Sum(size => 2 * products * size * elements
            + 11.0 * size * size * size / _options.PreconditionFrequency);
    }

    // Identity roots before the first renewal need no products.
    private Tensor Rotate(Tensor tensor, bool transposed)
        => _hasRoots.Value == 0 ? tensor : TensorAxes.MultiplyAll(tensor, _roots, transposed);

    private double StatisticsCorrection(double step)
        => _options.BiasCorrection && _options.Beta2 < 1 ? 1 - Math.Pow(_options.Beta2, step) : 1;

    private Tensor Scaled(Tensor statistics_DD, double step)
    {
        var corrected_DD = statistics_DD.div(StatisticsCorrection(step));
        return _options.TraceScaling
            ? corrected_DD.mul_(corrected_DD.diagonal(0, -2, -1).sum(-1).clamp_min(_options.Epsilon).pow(-0.5)
                .unsqueeze(-1).unsqueeze(-1))
            : corrected_DD;
    }

    private Tensor? Root(Tensor statistics_DD)
    {
        if (_eigenvalues is not null)
            return MatrixRoots.Eigen(MatrixRoots.WithDiagonal(statistics_DD, _options.Epsilon))?.Vectors_DD;
        var exponent = _options.ExponentFor(Shape.Length);
        return _options.RootMethod == InverseRootMethod.Eigen
            ? MatrixRoots.InverseRoot(statistics_DD, exponent, _options.Epsilon)
            : MatrixRoots.InverseRootByNewton(statistics_DD, (int)Math.Round(1 / exponent), _options.Epsilon,
                _options.NewtonIterations, _options.NewtonTolerance);
    }
}
