namespace PretrainBench.Models.Tests;

/// <summary>Other ways to the gradients, against autograd's.</summary>
public class GradientPassTests
{
    public static TheoryData<GradientPass, ModelFamily, bool, int, int> Shapes()
    {
        var shapes = new TheoryData<GradientPass, ModelFamily, bool, int, int>();
        foreach (var pass in (GradientPass[])[GradientPass.Direct, GradientPass.Recomputed])
            foreach (var family in Enum.GetValues<ModelFamily>())
                foreach (var tied in (bool[])[false, true])
                {
                    // Widths with whole vectors and with remainders; a head of 18 turns 9 pairs.
                    shapes.Add(pass, family, tied, 36, 2);
                    shapes.Add(pass, family, tied, 64, 4);
                }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Loss_and_every_gradient_are_the_same(GradientPass pass, ModelFamily family, bool tied, int width,
        int heads)
    {
        using var scope = NewDisposeScope();
        var config = new ModelConfig
        {
            Family = family,
            Layers = 2,
            Width = width,
            Heads = heads,
            FeedForwardWidth = 3 * width + 5,
            TiedEmbeddings = tied,
        };
        using var model = new Decoder(config.Resolve(vocabularySize: 101), seed: 4);
        // Gains other than one and larger weights, so that no mistake cancels.
        using (no_grad())
        using (var generator = new Generator(5, CPU))
            foreach (var parameter in model.Parameters)
                parameter.Value.add_(empty_like(parameter.Value).normal_(0, 0.2, generator));
        var (inputs_BT, targets_BT) = (TestShapes.Tokens(3, 70, 101, 2), TestShapes.Tokens(3, 70, 101, 3));

        var (expectedLoss, expected) = Gradients(model, inputs_BT, targets_BT, GradientPass.Recorded);
        var (loss, actual) = Gradients(model, inputs_BT, targets_BT, pass);

        Assert.Equal(expectedLoss, loss, 1e-5);
        foreach (var (name, gradient) in actual)
        {
            var difference = (gradient - expected[name]).norm().ToDouble() / expected[name].norm().ToDouble();
            Assert.True(difference < 2e-5, $"{name}: {difference} apart");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Threads_share_the_sequences_out(int threads)
    {
        using var scope = NewDisposeScope();
        var before = get_num_threads();
        using var model = new Decoder(TestShapes.Tiny(ModelFamily.Olmo2), seed: 4);
        var (inputs_BT, targets_BT) = (TestShapes.Tokens(5, 40, 11, 2), TestShapes.Tokens(5, 40, 11, 3));
        var (expectedLoss, expected) = Gradients(model, inputs_BT, targets_BT, GradientPass.Recorded);
        try
        {
            set_num_threads(threads);
            var (loss, actual) = Gradients(model, inputs_BT, targets_BT, GradientPass.Direct);
            Assert.Equal(expectedLoss, loss, 1e-5);
            Assert.All(actual, gradient
                => Assert.True(gradient.Value.allclose(expected[gradient.Key], 1e-4, 1e-6), gradient.Key));
            // To the last bit whichever thread takes which part.
            var (_, again) = Gradients(model, inputs_BT, targets_BT, GradientPass.Direct);
            Assert.All(actual, gradient => Assert.True(gradient.Value.Equals(again[gradient.Key]), gradient.Key));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    /// <summary>Two parts, the second added to the first.</summary>
    private static (double Loss, Dictionary<string, Tensor> Gradients) Gradients(Decoder model, Tensor inputs_BT,
        Tensor targets_BT, GradientPass pass)
    {
        foreach (var parameter in model.Parameters) parameter.Value.grad = null;
        var loss = model.AddGradients(inputs_BT, targets_BT, zLoss: 0.01, weight: 0.25, pass)
            + model.AddGradients(inputs_BT.narrow(0, 0, 2), targets_BT.narrow(0, 1, 2), zLoss: 0, weight: 0.75, pass);
        return (loss.ToDouble(),
            model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.grad!.clone()));
    }
}
