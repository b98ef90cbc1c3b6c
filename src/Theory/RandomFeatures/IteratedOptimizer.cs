using static TorchSharp.torch;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>Full-batch optimizers that are not diagonal in the eigenbasis of H, iterated on the explicit problem. Every
/// target, schedule and learning rate is one row of a batch [R, N]; θ is reshaped to [R, rows, columns] for those that
/// see a matrix. Also iterates gradient descent and the natural gradient, to check their closed forms.</summary>
internal sealed class IteratedOptimizer : IDisposable
{
    // A tensor, and held: a number would be wrapped anew at each step, and other threads collect garbage meanwhile (see
    // CollectionPause).
    private readonly Tensor _tiny = tensor(1e-30, dtype: float64);

    private readonly FeatureProblem _problem;
    private readonly FeatureOptimizer _optimizer;
    private readonly long _rows;
    private readonly long _columns;
    private readonly Tensor? _preconditioner;
    private readonly double _rateUnit;

    /// <summary>Prepares the preconditioner, if it is a fixed one.</summary>
    public IteratedOptimizer(FeatureProblem problem, FeatureOptimizer optimizer, double damping)
    {
        (_problem, _optimizer) = (problem, optimizer);
        (_rows, _columns) = MatrixShape(problem.Size);
        _preconditioner = Preconditioner(damping);
        // Linear rules: learning rates in units of 1/λ_max of the preconditioned H; the others have a scale of their
        // own.
        _rateUnit = IsLinear(optimizer) ? 1 / LargestRate() : 1;
    }

    /// <summary>What a learning rate of 1 is for this rule.</summary>
    public double RateUnit => _rateUnit;

    /// <summary>Whether the rule is linear in g, so that its learning rates are scaled by 1/λ_max.</summary>
    public static bool IsLinear(FeatureOptimizer optimizer)
        => optimizer is not (FeatureOptimizer.AdamLike or FeatureOptimizer.ShampooLike or FeatureOptimizer.MatrixSign);

    /// <summary>θ as a matrix: as square as powers of two allow, at least as wide as high.</summary>
    public static (long Rows, long Columns) MatrixShape(int size)
    {
        long rows = 1;
        for (long r = 1; r * r <= size; r++)
            if (size % r == 0) rows = r;
        return (rows, size / rows);
    }

    /// <summary>Trains every (target, schedule, learning rate) and returns the losses [targets][schedules × learning
    /// rates].</summary>
    /// <param name="learningRates">In units of 1/λ_max for linear rules, else of θ.</param>
    /// <param name="decays">One schedule each: false for a constant rate, true for one that falls linearly to
    /// 0.</param>
    /// <param name="targets">The first so many targets of the problem.</param>
    public double[][] Losses(IReadOnlyList<double> learningRates, IReadOnlyList<bool> decays, int steps, int targets)
    {
        using var scope = NewDisposeScope();
        int perTarget = learningRates.Count * decays.Count, batch = targets * perTarget;
        var slopes_RN = _problem.Slopes.t().slice(0, 0, targets, 1).repeat_interleave(perTarget, 0);
        var theta_RN = zeros(batch, _problem.Size, dtype: float64);
        var state = new AccumulatedState(batch, _rows, _columns);
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var gradient_RN = theta_RN.mm(_problem.Hessian).sub_(slopes_RN);
            var direction_RN = Direction(gradient_RN, state);
            theta_RN.sub_(direction_RN.mul_(Rates(learningRates, decays, targets, step, steps)));
        }

        // L = w'Λw − 2bᵀθ + θᵀHθ.
        var quadratic_RN = theta_RN.mm(_problem.Hessian).sub_(slopes_RN).sub_(slopes_RN);
        var sums = LinearAlgebra.Values(quadratic_RN.mul_(theta_RN).sum(1));
        return [.. Enumerable.Range(0, targets).Select(target => Enumerable.Range(0, perTarget)
            .Select(i => _problem.TargetVariances[target] + sums[target * perTarget + i]).ToArray())];
    }

    public void Dispose()
    {
        _preconditioner?.Dispose();
        _tiny.Dispose();
    }

    private Tensor Direction(Tensor gradient_RN, AccumulatedState state) => _optimizer switch
    {
        FeatureOptimizer.GradientDescent => gradient_RN,
        FeatureOptimizer.AdamLike => gradient_RN.div(state.AddSquares(gradient_RN).sqrt().add_(_tiny)),
        FeatureOptimizer.ShampooLike => state.ShampooDirection(gradient_RN),
        FeatureOptimizer.MatrixSign =>
            MatrixPower.PolarFactor(gradient_RN.reshape(-1, _rows, _columns)).reshape(gradient_RN.shape),
        _ => gradient_RN.mm(_preconditioner!),
    };

    private Tensor Rates(IReadOnlyList<double> learningRates, IReadOnlyList<bool> decays, int targets,
        int step, int steps)
    {
        var rates = Enumerable.Range(0, targets).SelectMany(_ => decays.SelectMany(decay => learningRates.Select(rate =>
            rate * _rateUnit * (decay ? 1 - (double)step / steps : 1)))).ToArray();
        return LinearAlgebra.Matrix(rates, rates.Length, 1);
    }

    private Tensor? Preconditioner(double damping)
    {
        using var scope = NewDisposeScope();
        var matrix = _optimizer switch
        {
            FeatureOptimizer.Diagonal => diag(_problem.Hessian.diagonal().rsqrt()),
            FeatureOptimizer.Kronecker => MatrixPower.KroneckerInverseRoot(_problem.Hessian, _rows, _columns),
            FeatureOptimizer.NaturalGradient or FeatureOptimizer.UndampedNaturalGradient
                => MatrixPower.DampedInverse(_problem.Hessian,
                    _optimizer == FeatureOptimizer.NaturalGradient ? damping : 0),
            _ => null,
        };
        return matrix?.MoveToOuterDisposeScope();
    }

    private double LargestRate()
    {
        using var scope = NewDisposeScope();
        // The natural gradient's unit is (λ_max + damping λ_max)/λ_max in the closed form as well: there a rate of 1
        // means θ −= P g.
        if (_optimizer is FeatureOptimizer.NaturalGradient or FeatureOptimizer.UndampedNaturalGradient) return 1;
        return MatrixPower.LargestEigenvalue(_preconditioner, _problem.Hessian);
    }
}

/// <summary>What Adam-like and Shampoo-like rules remember; belongs to the dispose scope that is open when it is
/// made.</summary>
internal sealed class AccumulatedState(int batch, long rows, long columns)
{
    private Tensor? _squares_RN;
    private Tensor? _left_Rrr;
    private Tensor? _right_Rcc;

    /// <summary>Adds g² and returns Σ g².</summary>
    public Tensor AddSquares(Tensor gradient_RN)
    {
        _squares_RN ??= zeros(batch, rows * columns, dtype: float64).MoveToOuterDisposeScope();
        return _squares_RN.add_(gradient_RN.square());
    }

    /// <summary>Adds GGᵀ and GᵀG and returns (Σ GGᵀ)^−¼ G (Σ GᵀG)^−¼, flattened again.</summary>
    public Tensor ShampooDirection(Tensor gradient_RN)
    {
        _left_Rrr ??= zeros(batch, rows, rows, dtype: float64).MoveToOuterDisposeScope();
        _right_Rcc ??= zeros(batch, columns, columns, dtype: float64).MoveToOuterDisposeScope();
        var gradient_Rrc = gradient_RN.reshape(-1, rows, columns);
        var transposed_Rcr = gradient_Rrc.transpose(1, 2);
        _left_Rrr.add_(gradient_Rrc.matmul(transposed_Rcr));
        _right_Rcc.add_(transposed_Rcr.matmul(gradient_Rrc));
        var left = MatrixPower.InversePower(_left_Rrr, 0.25);
        var right = MatrixPower.InversePower(_right_Rcc, 0.25);
        return left.matmul(gradient_Rrc).matmul(right).reshape(gradient_RN.shape);
    }
}

/// <summary>The optimizers of the lab. All are full batch and start at θ = 0.</summary>
public enum FeatureOptimizer
{
    /// <summary>θ −= η g. Exact in the eigenbasis of H.</summary>
    GradientDescent,

    /// <summary>θ −= η diag(H)^−½ g: a diagonal preconditioner of the population. Linear, iterated.</summary>
    Diagonal,

    /// <summary>θ −= η (L ⊗ R)^−½ g with the Kronecker factors of the population H. Linear, iterated.</summary>
    Kronecker,

    /// <summary>θ −= η g / √(Σ g²): accumulated squared gradients, Adam-like. Iterated.</summary>
    AdamLike,

    /// <summary>Θ −= η (Σ GGᵀ)^−¼ G (Σ GᵀG)^−¼: Shampoo-like. Iterated on θ reshaped to a matrix.</summary>
    ShampooLike,

    /// <summary>Θ −= η UVᵀ, G = USVᵀ: a matrix-sign step, as a stand-in for Muon. Iterated on θ reshaped to a
    /// matrix.</summary>
    MatrixSign,

    /// <summary>θ −= η (H + damping λ_max I)^−1 g. Exact in the eigenbasis of H.</summary>
    NaturalGradient,

    /// <summary>θ −= η H^−1 g: solves the problem in one step. Exact in the eigenbasis of H.</summary>
    UndampedNaturalGradient,
}
