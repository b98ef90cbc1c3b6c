using PretrainBench.Models.Layers;

namespace PretrainBench.Models.Tests;

public class AttentionPrecisionTests
{
    /// <summary>What a GPU does with <c>precision: bf16</c>, done here slowly: right to bf16's three digits, and not
    /// the same as in 32 bits.</summary>
    [Fact]
    public void Attention_in_bf16_is_that_of_32_bits_up_to_its_rounding()
    {
        using var scope = NewDisposeScope();
        var shape = TestShapes.Tiny(ModelFamily.Olmo2);
        var exact = Mixed(shape, new WeightProducts(bf16: false));
        var coarse = Mixed(shape, new WeightProducts(bf16: true, bf16Attention: true));
        var linearsOnly = Mixed(shape, new WeightProducts(bf16: true));

        Assert.Equal(ScalarType.Float32, coarse.dtype);
        Assert.InRange(Distance(exact, coarse), 1e-4, 2e-2);
        Assert.NotEqual(Distance(exact, linearsOnly), Distance(exact, coarse));
    }

    private static Tensor Mixed(ModelShape shape, WeightProducts products)
    {
        var initial = new ParameterInitialization(shape, seed: 3, CPU, ScalarType.Float32, CancellationToken.None);
        var attention = new Attention(shape, "attention", initial, products);
        using var generator = new Generator(7, CPU);
        var x_ND = empty([2 * 70, shape.Width]).normal_(0, 1, generator);
        return attention.call(x_ND, new PositionTables(shape, 70, x_ND));
    }

    private static double Distance(Tensor one, Tensor other)
        => ((one - other).norm() / one.norm()).ToDouble();
}
