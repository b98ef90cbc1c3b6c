using PretrainBench.Core;
using PretrainBench.Optimizers.Rules;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Rules;

/// <summary>What holds of Dion beyond the reference's trajectories.</summary>
public class DionTests
{
    [Theory]
    [InlineData(6, 4)]
    [InlineData(4, 6)]
    public void At_full_rank_and_with_a_steady_gradient_the_update_becomes_the_polar_factor(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var gradient = Numbers(rows, columns, phase: 1);
        var (left, _, right) = linalg.svd(gradient, fullMatrices: false);
        var polar = left.mm(right).mul(Math.Sqrt(rows / (double)columns));

        using var run = new Run(rows, columns, new DionOptions { LearningRate = 1, WeightDecay = 0, RankFraction = 1 });
        for (var t = 0; t < 400; t++) run.Step(gradient);
        var before = run.Weight.clone();
        run.Step(gradient);

        Assert.True(before.sub(run.Weight).allclose(polar, rtol: 0, atol: 1e-6));
    }

    [Theory]
    [InlineData(8, 5, 0.4)]
    [InlineData(5, 8, 0.4)]
    public void Error_feedback_takes_the_stepped_part_out_of_the_momentum_and_keeps_the_rest(int rows, int columns,
        double fraction)
    {
        using var scope = NewDisposeScope();
        using var run = new Run(rows, columns, new DionOptions { RankFraction = fraction, Momentum = 0.9 });
        for (var t = 0; t < 3; t++) run.Step(Numbers(rows, columns, phase: t));
        var whole = run.Momentum.add(Numbers(rows, columns, phase: 9));
        run.Step(Numbers(rows, columns, phase: 9));

        // What left, over 1 − μ, is a projection of the whole onto r directions; the rest is orthogonal to it.
        var stepped = whole.sub(run.Momentum).div(1 - 0.9);
        var rank = linalg.svdvals(stepped).gt(1e-9).sum().item<long>();
        Assert.Equal(2, rank);
        Assert.True(Math.Abs(stepped.mul(whole.sub(stepped)).sum().item<double>()) < 1e-10);
    }

    [Fact]
    public void An_update_has_one_unit_for_each_direction()
    {
        using var scope = NewDisposeScope();
        using var run = new Run(8, 8, new DionOptions { LearningRate = 1, WeightDecay = 0, RankFraction = 0.5 });
        run.Step(Numbers(8, 8, phase: 3));
        var before = run.Weight.clone();
        run.Step(Numbers(8, 8, phase: 4));

        Assert.Equal(2, before.sub(run.Weight).norm().item<double>(), 6);
    }

    [Fact]
    public void The_bases_follow_the_seed()
    {
        Assert.Equal(Basis(seed: 1), Basis(seed: 1));
        Assert.NotEqual(Basis(seed: 1), Basis(seed: 2));
    }

    private static double[] Basis(ulong seed)
    {
        using var run = new Run(6, 4, new DionOptions(), seed);
        return run.State("basis_0").data<double>().ToArray();
    }

    private static Tensor Numbers(int rows, int columns, int phase)
        => tensor([.. Enumerable.Range(0, rows * columns).Select(i => Math.Sin(i * i + 3.3 * phase + 1))],
            [rows, columns], ScalarType.Float64);

    private sealed class Run : IDisposable
    {
        private readonly Tensor _value;
        private readonly CompositeOptimizer _optimizer;
        private long _step;

        public Run(int rows, int columns, DionOptions options, ulong seed = 1)
        {
            _value = zeros(rows, columns, dtype: ScalarType.Float64).requires_grad_();
            var parameter = new ModelParameter<Tensor>("w", ParameterRole.HiddenMatrix, _value);
            _optimizer = new CompositeOptimizer([options.Create(new RuleContext([parameter], seed))]);
        }

        public Tensor Weight => _value.detach();

        public Tensor Momentum => State("momentum").clone();

        public Tensor State(string quantity)
            => _optimizer.ExportState().Tensors.Single(
                tensor => tensor.Key.EndsWith(quantity, StringComparison.Ordinal)).Value;

        public void Step(Tensor gradient)
        {
            Gradients.Set(_value, gradient.clone());
            _optimizer.Step(new OptimizerStep(_step++, 1));
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _value.Dispose();
        }
    }
}
