namespace PretrainBench.Models.Tests;

public class CountTests
{
    [Theory]
    [MemberData(nameof(TestShapes.Families), MemberType = typeof(TestShapes))]
    public void Counts_by_formula_are_those_of_the_tensors(ModelFamily family, bool tied)
    {
        using var model = new Decoder(TestShapes.Tiny(family, tied), 1);
        long Numbers(params ParameterRole[] roles)
            => model.Parameters.Where(parameter => roles.Contains(parameter.Role))
                .Sum(parameter => parameter.Value.numel());
        Assert.Equal(Numbers(ParameterRole.Embedding), model.Counts.Embedding);
        Assert.Equal(Numbers(ParameterRole.Head), model.Counts.Head);
        Assert.Equal(Numbers(ParameterRole.HiddenMatrix), model.Counts.Matrices);
        Assert.Equal(Numbers(ParameterRole.Norm), model.Counts.Vectors);
        Assert.Equal(model.Parameters.Sum(parameter => parameter.Value.numel()), model.Counts.Total);
    }

    [Fact]
    public void Queries_and_keys_say_how_many_rows_a_head_has()
    {
        var shape = TestShapes.Tiny(ModelFamily.Olmo2, tied: false);
        using var model = new Decoder(shape, 1);
        var perHead = model.Parameters.Where(parameter => parameter.RowsPerHead == shape.HeadDimension).ToList();

        Assert.True(shape.HeadDimension > 1);
        Assert.Equal(2 * shape.Layers, perHead.Count);
        Assert.All(perHead, parameter => Assert.Matches("query$|key$", parameter.Name));
        Assert.All(model.Parameters.Except(perHead), parameter => Assert.Equal(1, parameter.RowsPerHead));
    }

    [Fact]
    public void The_1M_model_counted_by_hand()
    {
        var shape = new ModelConfig { Size = "1M" }.Resolve(4096);
        var counts = ParameterCounts.Of(shape);
        // 5 · (4·128² + 3·128·352) = 5 · (65,536 + 135,168); 128 · (4·5 + 1); 4096 · 128.
        Assert.Equal(1_003_520, counts.Matrices);
        Assert.Equal(2_688, counts.Vectors);
        Assert.Equal(524_288, counts.Embedding);
        Assert.Equal(524_288, counts.Head);
        Assert.Equal(2_054_784, counts.Total);
        // Forward: 2·(1,003,520 + 524,288) + 4·5·128·256; training thrice that.
        Assert.Equal(3_710_976, ModelFlops.ForwardPerToken(shape, 256));
        Assert.Equal(11_132_928, ModelFlops.TrainingPerToken(shape, 256));
        Assert.Equal(ParameterCounts.Of(shape).Head * 2,
            counts.Head + ParameterCounts.Of(shape with { TiedEmbeddings = true }).Embedding);
        Assert.Equal(0, ParameterCounts.Of(shape with { TiedEmbeddings = true }).Head);
    }

    [Fact]
    public void Sizes_are_what_their_names_say_and_grow()
    {
        var previous = 0L;
        foreach (var rung in ModelLadder.Rungs)
        {
            var named = double.Parse(rung.Name[..^1], System.Globalization.CultureInfo.InvariantCulture) * 1e6;
            var counted = ParameterCounts.Of(new ModelConfig { Size = rung.Name }.Resolve(4096)).NonEmbedding;
            Assert.InRange(counted / named, 0.9, 1.12);
            Assert.True(counted > previous, rung.Name);
            previous = counted;
        }
    }
}
