namespace TorchSharp;

public static partial class torch
{
    /// <summary>A shape; only what factories and expand take.</summary>
    public struct Size
    {
        private readonly long[]? _shape;

        public Size(long[] shape) => _shape = (long[])shape.Clone();

        public readonly int Length => Shape.Length;

        public readonly long[] Shape => _shape ?? [];

        public static implicit operator Size(long size) => new([size]);
        public static implicit operator Size((long, long) size) => new([size.Item1, size.Item2]);
        public static implicit operator Size((long, long, long) size) => new([size.Item1, size.Item2, size.Item3]);
        public static implicit operator Size(long[] size) => new(size);
    }
}
