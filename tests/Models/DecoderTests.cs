using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Models.Tests;

public class DecoderTests
{
    [Theory]
    [MemberData(nameof(TestShapes.Families), MemberType = typeof(TestShapes))]
    public void A_later_token_never_changes_an_earlier_logit(ModelFamily family, bool tied)
    {
        using var scope = NewDisposeScope();
        using var model = new Decoder(TestShapes.Tiny(family, tied), 1, dtype: ScalarType.Float64);
        var tokens_BT = TestShapes.Tokens(1, 70, 11, 2);
        var before = model.call(tokens_BT)[0];
        foreach (var changed in new[] { 1, 31, 32, 50, 69 })
        {
            var other_BT = tokens_BT.clone();
            other_BT[0, changed] = (tokens_BT[0, changed] + 1).remainder(11);
            var difference_T = (model.call(other_BT)[0] - before).abs().amax(new long[] { 1 });
            Assert.Equal(0, difference_T.narrow(0, 0, changed).max().ToDouble());
            Assert.True(difference_T[changed].ToDouble() > 1e-6, $"token {changed} does not reach its own logits");
        }
    }

    [Theory]
    [MemberData(nameof(TestShapes.Families), MemberType = typeof(TestShapes))]
    public void The_loss_is_the_cross_entropy_of_the_logits(ModelFamily family, bool tied)
    {
        using var scope = NewDisposeScope();
        using var model = new Decoder(TestShapes.Tiny(family, tied), 1, dtype: ScalarType.Float64);
        var (inputs_BT, targets_BT) = (TestShapes.Tokens(3, 9, 11, 2), TestShapes.Tokens(3, 9, 11, 3));
        var logits_NV = model.call(inputs_BT).flatten(0, 1);
        var expected = F.cross_entropy(logits_NV, targets_BT.view(-1));
        Assert.Equal(expected.ToDouble(), model.Loss(inputs_BT, targets_BT).ToDouble(), 1e-12);
        var withZ = expected + 0.1 * logits_NV.logsumexp(-1).square().mean();
        Assert.Equal(withZ.ToDouble(), model.Loss(inputs_BT, targets_BT, zLoss: 0.1).ToDouble(), 1e-12);
    }

    [Theory]
    [InlineData("0.1M", 256, ModelFamily.Olmo2, false)]
    [InlineData("1M", 4096, ModelFamily.Olmo2, false)]
    [InlineData("1M", 4096, ModelFamily.Olmo2, true)]
    [InlineData("1M", 4096, ModelFamily.Llama, false)]
    [InlineData("10M", 8192, ModelFamily.Llama, true)]
    public void The_initial_loss_is_that_of_guessing(string size, int vocabulary, ModelFamily family, bool tied)
    {
        using var scope = NewDisposeScope();
        var shape = new ModelConfig { Size = size, Family = family, TiedEmbeddings = tied }.Resolve(vocabulary);
        using var model = new Decoder(shape, 3);
        using var recording = no_grad();
        var loss =
            model.Loss(TestShapes.Tokens(4, 64, vocabulary, 1), TestShapes.Tokens(4, 64, vocabulary, 2)).ToDouble();
        Assert.InRange(loss / Math.Log(vocabulary), 0.98, 1.02);
    }

    [Fact]
    public void The_width_of_the_largest_model_still_begins_at_guessing()
    {
        // The last hidden state has mean square 1, so that logits have the deviation head · sqrt(width); half its
        // square is what the initial loss exceeds ln(vocabulary) by.
        var shape = new ModelConfig { Size = "1700M" }.Resolve(50_304);
        var logitDeviation = ParameterInitialization.HeadDeviation(shape) * Math.Sqrt(shape.Width);
        Assert.InRange(logitDeviation * logitDeviation / 2, 0, 0.02 * Math.Log(50_304));
    }

    [Fact]
    public void Weights_depend_on_the_seed_and_the_name_alone()
    {
        using var scope = NewDisposeScope();
        using var shallow = new Decoder(TestShapes.Tiny(ModelFamily.Olmo2), 7);
        using var deep = new Decoder(TestShapes.Tiny(ModelFamily.Llama) with { Layers = 3 }, 7);
        using var other = new Decoder(TestShapes.Tiny(ModelFamily.Olmo2), 8);
        Tensor Of(Decoder model, string name) => model.Parameters.Single(parameter => parameter.Name == name).Value;
        Assert.True(Of(shallow, "blocks.1.feed_forward.down").Equals(Of(deep, "blocks.1.feed_forward.down")));
        Assert.False(Of(shallow, "blocks.1.feed_forward.down").Equals(Of(other, "blocks.1.feed_forward.down")));
        Assert.False(Of(shallow, "blocks.0.attention.query").Equals(Of(shallow, "blocks.0.attention.key")));
    }

    [Fact]
    public void Products_in_bf16_come_close_and_keep_32_bit_gradients()
    {
        using var scope = NewDisposeScope();
        var shape = new ModelConfig { Size = "0.1M" }.Resolve(128);
        using var exact = new Decoder(shape, 1);
        using var rounded = new Decoder(shape, 1, precision: Precision.Bf16Linears);
        var (inputs_BT, targets_BT) = (TestShapes.Tokens(2, 40, 128, 2), TestShapes.Tokens(2, 40, 128, 3));
        var (loss, roundedLoss) = (exact.Loss(inputs_BT, targets_BT), rounded.Loss(inputs_BT, targets_BT));
        Assert.Equal(loss.ToDouble(), roundedLoss.ToDouble(), 5e-3);
        Assert.NotEqual(loss.ToDouble(), roundedLoss.ToDouble());
        loss.backward();
        roundedLoss.backward();
        foreach (var (a, b) in exact.Parameters.Zip(rounded.Parameters))
        {
            Assert.Equal(ScalarType.Float32, b.Value.grad!.dtype);
            var error = (a.Value.grad! - b.Value.grad!).norm().ToDouble() / a.Value.grad!.norm().ToDouble();
            Assert.True(error < 0.05, $"{a.Name}: relative error {error}");
        }
    }

    [Theory]
    [InlineData(GradientPass.Recorded)]
    [InlineData(GradientPass.Recomputed)]
    public void Weights_rounded_once_give_what_weights_rounded_in_every_pass_give(GradientPass pass)
    {
        using var scope = NewDisposeScope();
        using var model = new Decoder(TestShapes.Tiny(ModelFamily.Olmo2), 1, precision: Precision.Bf16Linears);
        var tokens_BT = TestShapes.Tokens(2, 9, 11, 3);
        List<Tensor> Gradients()
        {
            foreach (var parameter in model.Parameters) parameter.Value.grad = null;
            for (var i = 0; i < 2; i++) model.AddGradients(tokens_BT, tokens_BT, weight: 0.5, pass: pass);
            return [.. model.Parameters.Select(parameter => parameter.Value.grad!.clone())];
        }

        var expected = Gradients();
        using (model.RoundWeightsOnce())
            Assert.All(expected.Zip(Gradients()), pair => Assert.True(pair.First.Equals(pair.Second)));
        // And anew once the weights have changed.
        using (no_grad())
            foreach (var parameter in model.Parameters) parameter.Value.mul_(1.5);
        Assert.Contains(expected.Zip(Gradients()), pair => !pair.First.Equals(pair.Second));
    }

    [Fact]
    public void Sampled_targets_follow_the_model_and_the_seed()
    {
        using var scope = NewDisposeScope();
        using var model = new Decoder(TestShapes.Tiny(ModelFamily.Olmo2), 1);
        var inputs_BT = TestShapes.Tokens(1, 2, 11, 4);
        Assert.True(model.SampleTargets(inputs_BT, 5).Equals(model.SampleTargets(inputs_BT, 5)));
        var expected_V = model.call(inputs_BT)[0, 0].softmax(-1);
        var counts = new double[11];
        const int Draws = 4000;
        for (ulong seed = 0; seed < Draws; seed++)
        {
            using var drawScope = NewDisposeScope();
            counts[model.SampleTargets(inputs_BT, seed)[0, 0].ToInt64()]++;
        }
        for (var token = 0; token < 11; token++)
        {
            var p = expected_V[token].ToDouble();
            Assert.InRange(counts[token] / Draws, p - 5 * Math.Sqrt(p / Draws), p + 5 * Math.Sqrt(p / Draws));
        }
    }

    [Fact]
    public void Training_steps_leave_no_tensor_behind()
    {
        using var model = new Decoder(TestShapes.Tiny(ModelFamily.Olmo2), 1);
        var live = new List<long>();
        for (var step = 0; step < 30; step++)
        {
            using (NewDisposeScope())
            {
                model.Loss(TestShapes.Tokens(2, 40, 11, step), TestShapes.Tokens(2, 40, 11, step + 1)).backward();
                foreach (var parameter in model.Parameters) parameter.Value.grad = null;
            }
            live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
        Assert.Equal(live[5], live[^1]);
    }
}
