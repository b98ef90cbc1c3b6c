using PretrainBench.Core.Configuration;

namespace PretrainBench.Models.Tests;

public class ModelConfigTests
{
    private static ModelConfig Bind(string yaml)
        => ConfigBinder.Bind<ModelConfig>(ConfigFile.Parse(yaml, "model.yaml"), "the model");

    [Fact]
    public void A_size_resolves_to_its_rung_and_single_keys_replace_its_values()
    {
        var shape = Bind("{size: 1M, layers: 7, family: llama, tied_embeddings: true}").Resolve(512);
        Assert.Equal((7, 128, 4, 352, 512),
            (shape.Layers, shape.Width, shape.Heads, shape.FeedForwardWidth, shape.VocabularySize));
        Assert.Equal((ModelFamily.Llama, true), (shape.Family, shape.TiedEmbeddings));
    }

    [Fact]
    public void A_width_of_its_own_gets_heads_and_feed_forward_to_match()
    {
        var shape = Bind("{layers: 8, width: 256}").Resolve(8192);
        Assert.Equal((4, 64, 704), (shape.Heads, shape.HeadDimension, shape.FeedForwardWidth));
    }

    [Fact]
    public void The_resolved_shape_written_as_a_configuration_resolves_to_itself()
    {
        var shape = Bind("{size: 4M, family: llama, rope_theta: 500000}").Resolve(1000);
        Assert.Equal(shape, shape.ToConfig().Resolve(1000));
        Assert.Equal("4M", ModelLadder.NameOf(shape));
        Assert.Equal(shape.ToConfig(), Bind(ConfigWriter.ToYaml(shape.ToConfig())));
    }

    [Theory]
    [InlineData("{size: 1N}", "did you mean `1M`?")]
    [InlineData("{width: 64}", "model.yaml:1: layers: give `size`")]
    [InlineData("{size: 1M, heads: 5}", "the width 128 is not a multiple of 5 heads")]
    [InlineData("{layers: 2, width: 6, heads: 2}", "the head dimension 3 must be even")]
    [InlineData("{size: 1M, layers: 0}", "must be between 1 and 512, not 0")]
    [InlineData("{size: 1M, rope_theta: 0.5}", "rope_theta: must be above 1")]
    [InlineData("{size: 1M, norm_epsilon: 0}", "norm_epsilon: must be above 0")]
    [InlineData("{size: 1M, init_deviation: -1}", "init_deviation: must be above 0")]
    [InlineData("{size: 1M, embedding_deviation: 0}", "embedding_deviation: must be above 0")]
    [InlineData("{size: 1M, wdth: 3}", "did you mean `width`?")]
    public void What_cannot_be_is_said(string yaml, string message)
        => Assert.Contains(message, Assert.Throws<UserException>(() => Bind(yaml)).Message);

    [Fact]
    public void A_vocabulary_smaller_than_the_tokenizers_is_refused()
        => Assert.Contains("smaller than the tokenizer's vocabulary of 512",
            Assert.Throws<UserException>(() => Bind("{size: 1M, vocabulary_size: 500}").Resolve(512)).Message);
}
