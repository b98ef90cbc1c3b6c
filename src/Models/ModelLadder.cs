namespace PretrainBench.Models;

/// <summary>One size of the ladder.</summary>
/// <param name="Name">Its name: about the number of parameters without embedding and head.</param>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Width">Width of the residual stream.</param>
public sealed record ModelRung(string Name, int Layers, int Width, int FeedForwardWidth, int HeadDimension)
{
    /// <summary>Weights in the hidden matrices.</summary>
    public long Matrices => Layers * (4L * Width * Width + 3L * Width * FeedForwardWidth);
}

/// <summary>The sizes that grids are made of. From 30M up: widths and depths of "Towards Robust Scaling Laws for
/// Optimizers" (arXiv 2602.07712), head dimension 128; feed-forward 8/3 of the width, rounded up to a multiple of 128.
/// Below: a ladder for CPUs, head dimension 32, feed-forward rounded to multiples of 32.</summary>
public static class ModelLadder
{
    /// <summary>All sizes, smallest first.</summary>
    public static IReadOnlyList<ModelRung> Rungs { get; } =
    [
        new("0.1M", 2, 64, 192, 32),
        new("0.2M", 2, 96, 256, 32),
        new("0.4M", 4, 96, 256, 32),
        new("1M", 5, 128, 352, 32),
        new("2M", 6, 160, 448, 32),
        new("4M", 7, 224, 576, 32),
        new("10M", 8, 320, 864, 32),
        new("30M", 6, 640, 1792, 128),
        new("50M", 7, 768, 2048, 128),
        new("100M", 8, 1024, 2816, 128),
        new("200M", 10, 1280, 3456, 128),
        new("430M", 13, 1664, 4480, 128),
        new("800M", 16, 2048, 5504, 128),
        new("1700M", 20, 2688, 7168, 128),
    ];

    public static IEnumerable<string> Names => Rungs.Select(rung => rung.Name);

    /// <summary>A size by its name; null when there is none.</summary>
    /// <param name="name">Such as <c>1M</c>; upper and lower case alike.</param>
    public static ModelRung? Find(string name)
        => Rungs.FirstOrDefault(rung => rung.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The ladder's name for a shape; null when it is none of the ladder's.</summary>
    public static string? NameOf(ModelShape shape)
        => Rungs.FirstOrDefault(rung => rung.Layers == shape.Layers && rung.Width == shape.Width
            && rung.FeedForwardWidth == shape.FeedForwardWidth)?.Name;
}
