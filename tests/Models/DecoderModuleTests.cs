namespace PretrainBench.Models.Tests;

/// <summary>The decoder is what TorchSharp users expect a module to be.</summary>
public class DecoderModuleTests
{
    [Theory]
    [MemberData(nameof(TestShapes.Families), MemberType = typeof(TestShapes))]
    public void The_state_has_the_names_that_checkpoints_have(ModelFamily family, bool tied)
    {
        using var model = new Decoder(TestShapes.Tiny(family, tied), 1);
        var expected = new List<string> { "embedding", "final_norm" };
        if (!tied) expected.Add("head");
        foreach (var block in new[] { "blocks.0", "blocks.1" })
        {
            string[] own =
            [
                "attention.query", "attention.key", "attention.value", "attention.output", "attention_norm",
                "feed_forward.gate", "feed_forward.up", "feed_forward.down", "feed_forward_norm",
            ];
            expected.AddRange(own.Select(name => $"{block}.{name}"));
            if (family == ModelFamily.Olmo2)
                expected.AddRange([$"{block}.attention.query_norm", $"{block}.attention.key_norm"]);
        }

        Assert.Equal(expected.Order(), model.state_dict().Keys.Order());
        Assert.Equal(model.named_parameters().Select(named => named.name),
            model.Parameters.Select(parameter => parameter.Name));
        Assert.All(model.Parameters, parameter => Assert.Same(model.state_dict()[parameter.Name], parameter.Value));
    }

    [Fact]
    public void Weights_go_from_one_to_another_through_the_state()
    {
        using var scope = NewDisposeScope();
        using var one = new Decoder(TestShapes.Tiny(ModelFamily.Olmo2), 1);
        using var other = new Decoder(TestShapes.Tiny(ModelFamily.Olmo2), 2);
        var tokens_BT = TestShapes.Tokens(2, 9, 11, 2);
        Assert.False(one.call(tokens_BT).Equals(other.call(tokens_BT)));
        other.load_state_dict(one.state_dict());
        Assert.True(one.call(tokens_BT).Equals(other.call(tokens_BT)));
    }

    [Theory]
    [MemberData(nameof(TestShapes.Families), MemberType = typeof(TestShapes))]
    public void Converted_it_works_on_and_its_gradients_arrive(ModelFamily family, bool tied)
    {
        using var scope = NewDisposeScope();
        using var model = new Decoder(TestShapes.Tiny(family, tied), 1);
        var (inputs_BT, targets_BT) = (TestShapes.Tokens(2, 9, 11, 2), TestShapes.Tokens(2, 9, 11, 3));
        var before = model.Loss(inputs_BT, targets_BT).ToDouble();
        var names = model.Parameters.Select(parameter => parameter.Name).ToList();

        model.to(ScalarType.Float64).to(CPU);

        Assert.Equal(before, model.Loss(inputs_BT, targets_BT).ToDouble(), 1e-6);
        Assert.Equal(names, model.Parameters.Select(parameter => parameter.Name));
        model.Loss(inputs_BT, targets_BT).backward();
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.grad!.dtype));
    }

    [Fact]
    public void Training_mode_reaches_every_module_and_parameters_outlive_the_scope_of_their_making()
    {
        Decoder model;
        using (NewDisposeScope()) model = new Decoder(TestShapes.Tiny(ModelFamily.Llama), 1);
        using (model)
        {
            model.eval();
            Assert.All(model.modules(), module => Assert.False(module.training));
            model.train();
            Assert.All(model.modules(), module => Assert.True(module.training));
            Assert.Equal(1 + 3 * model.Shape.Layers, model.modules().Count());
            Assert.Equal(model.Counts.Total, model.parameters().Sum(parameter => parameter.numel()));
        }
        Assert.All(model.Parameters, parameter => Assert.True(parameter.Value.IsInvalid));
    }
}
