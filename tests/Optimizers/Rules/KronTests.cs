using PretrainBench.Core;
using PretrainBench.Optimizers.Rules;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Rules;

/// <summary>What holds of Kron beyond the reference's trajectories.</summary>
public class KronTests
{
    private static readonly KronOptions Learning = new()
    {
        LearningRate = 0,
        WeightDecay = 0,
        Beta1 = 0,
        PreconditionerLearningRate = 0.02,
        FlatSteps = 100_000,
    };

    [Fact]
    public void The_preconditioner_converges_to_the_inverse_root_of_the_covariance()
    {
        using var scope = NewDisposeScope();
        const int Size = 4, Steps = 4000;
        using var generator = new Generator(3);
        var mixing =
            tensor(new double[] { 2, 0, 0, 0, 1, 0.7, 0, 0, -0.5, 0.2, 0.4, 0, 0.3, -0.3, 0.1, 0.2 }, [Size, Size]);
        var covariance = mixing.mm(mixing.mT);

        using var value = zeros(Size, 1, dtype: ScalarType.Float64).requires_grad_();
        using var optimizer = Optimizer(Learning, value);
        var whitening = zeros(Size, Size, dtype: ScalarType.Float64);
        for (var t = 0; t < Steps; t++)
        {
            using var step = NewDisposeScope();
            Gradients.Set(value,
                mixing.mm(randn([Size, 1], ScalarType.Float64, generator: generator)).DetachFromDisposeScope());
            optimizer.Step(new OptimizerStep(t, 1));
            // The factors keep moving; their average over the second half is at rest.
            if (t >= Steps / 2) whitening.add_(Preconditioner(optimizer), 2.0 / Steps);
        }

        var (values, vectors) = linalg.eigh(covariance);
        var expected = vectors.mul(values.rsqrt()).mm(vectors.mT);
        var deviation = whitening.sub(expected).norm().div(expected.norm()).item<double>();
        Assert.True(deviation < 0.1, $"off by {deviation:P1}");
    }

    [Fact]
    public void Updates_are_whitened_whatever_the_gradients_scale()
    {
        using var scope = NewDisposeScope();
        var small = Direction(scale: 1e-4);
        var large = Direction(scale: 1e+2);

        Assert.InRange(large.norm().div(small.norm()).item<double>(), 0.8, 1.25);
        Assert.InRange(large.square().mean().sqrt().item<double>(), 0.2, 1.1);
    }

    [Fact]
    public void Draws_follow_the_seed()
    {
        Assert.Equal(Factor(seed: 1), Factor(seed: 1));
        Assert.NotEqual(Factor(seed: 1), Factor(seed: 2));
    }

    [Fact]
    public void Factors_learn_less_and_less_often()
    {
        var options = new KronOptions { FlatSteps = 10, UpdateProbabilityDecay = 0.1 };

        Assert.Equal(1, options.UpdateProbability(10));
        Assert.Equal(Math.Exp(-1), options.UpdateProbability(20), 12);
        Assert.Equal(0.03, options.UpdateProbability(1000));
    }

    private static Tensor Direction(double scale)
    {
        using var value = zeros(6, 4, dtype: ScalarType.Float64).requires_grad_();
        using var optimizer = Optimizer(Learning with { LearningRate = 1, PreconditionerLearningRate = 0.1 }, value);
        using var generator = new Generator(3);
        for (var t = 0; t < 300; t++)
        {
            Gradients.Set(value, randn([6, 4], ScalarType.Float64, generator: generator).mul_(scale));
            value.detach().zero_();
            optimizer.Step(new OptimizerStep(t, 1));
        }
        return value.detach().clone();
    }

    private static double[] Factor(ulong seed)
    {
        using var scope = NewDisposeScope();
        using var value = ones(3, 3).requires_grad_();
        using var optimizer = Optimizer(new KronOptions(), value, seed);
        Gradients.Set(value, arange(9, ScalarType.Float32).view(3, 3).cos());
        optimizer.Step(new OptimizerStep(0, 1));
        return Battery.Trial.Numbers(State(optimizer, "factor_0_0"));
    }

    /// <summary>QᵀQ of the rows times q² of the single column.</summary>
    private static Tensor Preconditioner(CompositeOptimizer optimizer)
    {
        var rows = State(optimizer, "factor_0_0");
        return rows.mT.mm(rows).mul(State(optimizer, "factor_0_1").square());
    }

    private static Tensor State(CompositeOptimizer optimizer, string quantity)
        => optimizer.ExportState().Tensors.Single(
            tensor => tensor.Key.EndsWith(quantity, StringComparison.Ordinal)).Value;

    private static CompositeOptimizer Optimizer(KronOptions options, Tensor value, ulong seed = 1)
        => new([options.Create(
            new RuleContext([new ModelParameter<Tensor>("w", ParameterRole.HiddenMatrix, value)], seed))]);
}
