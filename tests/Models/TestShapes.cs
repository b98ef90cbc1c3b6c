namespace PretrainBench.Models.Tests;

internal static class TestShapes
{
    /// <summary>Small enough to change every weight, large enough to have two heads, two blocks and a cut
    /// sequence.</summary>
    public static ModelShape Tiny(ModelFamily family, bool tied = false) => new()
    {
        Family = family,
        Layers = 2,
        Width = 8,
        Heads = 2,
        FeedForwardWidth = 12,
        VocabularySize = 11,
        TiedEmbeddings = tied,
        InitDeviation = 0.3,
    };

    public static TheoryData<ModelFamily, bool> Families => new()
    {
        { ModelFamily.Olmo2, false }, { ModelFamily.Olmo2, true }, { ModelFamily.Llama, false },
        { ModelFamily.Llama, true },
    };

    public static Tensor Tokens(int sequences, int length, int vocabulary, int seed)
    {
        var random = new Random(seed);
        var tokens = Enumerable.Range(0, sequences * length).Select(_ => (long)random.Next(vocabulary)).ToArray();
        return tensor(tokens, new long[] { sequences, length });
    }
}
