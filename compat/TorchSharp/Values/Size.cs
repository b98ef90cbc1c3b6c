namespace TorchSharp;

public static partial class torch
{
    /// <summary>A shape, as factories take it.</summary>
    public struct Size
    {
        private readonly long[]? _shape;

        public Size(long[] shape) => _shape = (long[])shape.Clone();

        public readonly long[] Shape => _shape ?? [];

        public static implicit operator Size(long size) => new([size]);
        public static implicit operator Size(long[] size) => new(size);
    }
}
