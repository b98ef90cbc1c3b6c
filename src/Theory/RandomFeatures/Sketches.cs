using PretrainBench.Core;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>Draws sketches and targets; each depends on the seed and its own index alone.</summary>
internal static class Sketches
{
    /// <summary>Dense: N(0, 1/N) entries, [size, latents] row by row.</summary>
    public static double[] Dense(RandomFeaturesConfig config, int size, int sketch)
    {
        var values = new NormalSource(config.Seed, $"random-features:dense:{size}", sketch)
            .Normals(size * config.Latents);
        var scale = 1 / Math.Sqrt(size);
        for (var i = 0; i < values.Length; i++) values[i] *= scale;
        return values;
    }

    /// <summary>Sparse: each feature sees a few random latents with N(0, M/(nonzeros · N)) weights, so that a row has
    /// the dense row's norm on average.</summary>
    public static double[] Sparse(RandomFeaturesConfig config, int size, int sketch)
    {
        var source = new NormalSource(config.Seed, $"random-features:sparse:{size}", sketch);
        var weights = source.Normals(size * config.SparseNonzeros);
        var values = new double[size * config.Latents];
        var scale = Math.Sqrt(config.Latents / (double)config.SparseNonzeros / size);
        var taken = new HashSet<int>();
        for (var row = 0; row < size; row++)
        {
            taken.Clear();
            while (taken.Count < config.SparseNonzeros)
            {
                var column = source.NextIndex(config.Latents);
                if (taken.Add(column))
                    values[row * config.Latents + column] =
                        scale * weights[row * config.SparseNonzeros + taken.Count - 1];
            }
        }
        return values;
    }

    /// <summary>White targets w ~ N(0, 1), the same for every size, optimizer and s; [targets, latents] row by
    /// row.</summary>
    public static double[] Targets(RandomFeaturesConfig config, int sketch)
        => new NormalSource(config.Seed, "random-features:targets", sketch).Normals(config.Targets * config.Latents);
}
