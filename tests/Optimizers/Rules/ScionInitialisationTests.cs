using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using PretrainBench.Optimizers.Rules;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Rules;

public class ScionInitialisationTests
{
    [Fact]
    public void Matrices_start_on_the_spectral_sphere()
    {
        using var scope = NewDisposeScope();
        var values = linalg.svdvals(Initialised(new ScionOptions { Radius = 50 }, [8, 6])).data<double>().ToArray();

        Assert.All(values, value => Assert.Equal(50 * Math.Sqrt(8.0 / 6), value, 9));
    }

    [Fact]
    public void Signs_have_one_size_and_both_directions()
    {
        using var scope = NewDisposeScope();
        var values =
            Initialised(new ScionOptions { Norm = ScionNorm.Sign, Radius = 30 }, [8, 6]).data<double>().ToArray();

        Assert.All(values, value => Assert.Equal(5, Math.Abs(value), 12));
        Assert.Equal(2, values.Distinct().Count());
    }

    [Fact]
    public void Each_token_of_an_embedding_starts_at_the_radius()
    {
        using var scope = NewDisposeScope();
        var rows = Initialised(new ScionOptions { Norm = ScionNorm.ColNorm, Transpose = true, Radius = 3 },
            [10, 4]).pow(2).mean([1]).sqrt();

        Assert.All(rows.data<double>().ToArray(), rms => Assert.Equal(3, rms, 6));
    }

    [Fact]
    public void Models_keep_their_own_values_by_default()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, Initialised(new ScionOptions(), [8, 6], initialise: false).abs().max().item<double>());
    }

    private static Tensor Initialised(ScionOptions options, long[] shape, bool initialise = true)
    {
        var value = zeros(shape, dtype: ScalarType.Float64).requires_grad_();
        var parameter = new ModelParameter<Tensor>("w", ParameterRole.HiddenMatrix, value);
        using var optimizer = new CompositeOptimizer(
            [(options with { InitialiseWeights = initialise }).Create(new RuleContext([parameter], Seed: 7))]);
        optimizer.Initialise();
        return value.detach();
    }
}
