using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public unsafe T item<T>()
            where T : unmanaged
        {
            RequireElement<T>();
            if (numel() != 1)
                throw new ArgumentException($"item() needs a tensor of one element, not {numel()}.");
            using var local = detach();
            using var here = local.to(CPU);
            return *(T*)here.Data();
        }

        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireElement<T>();
            return is_cpu() ? new TensorAccessor<T>(this, owns: false) : new TensorAccessor<T>(cpu().DetachFromDisposeScope(), owns: true);
        }

        public unsafe Span<byte> bytes
        {
            get
            {
                RequireCpuContiguous();
                return new Span<byte>(Data(), checked((int)(numel() * ElementSize)));
            }

            set
            {
                RequireCpuContiguous();
                if (value.Length != numel() * ElementSize)
                    throw new ArgumentException($"{value.Length} bytes for a tensor of {numel() * ElementSize}.");
                value.CopyTo(new Span<byte>(Data(), value.Length));
            }
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            RequireCpuContiguous();
            foreach (var block in Blocks(bufferSize))
                stream.Write(Block(block.Offset, block.Length));
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            RequireCpuContiguous();
            foreach (var block in Blocks(bufferSize))
                stream.ReadExactly(Block(block.Offset, block.Length));
        }

        public Scalar ToScalar()
        {
            using var local = detach();
            var type = dtype;
            return type is ScalarType.Bool ? local.item<bool>()
                : is_integral() ? Scalar.FromNative(type, Operator.CallValue("item", local))
                : Scalar.FromNative(type, Operator.CallValue("item", local));
        }

        public override string ToString() =>
            IsInvalid ? "Tensor(invalid)" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        internal unsafe void* Data()
        {
            void* data;
            Bridge.Check(Bridge.pb_data(Handle, &data));
            return data;
        }

        private unsafe Span<byte> Block(long offset, int length) => new((byte*)Data() + offset, length);

        private IEnumerable<(long Offset, int Length)> Blocks(int bufferSize)
        {
            var total = numel() * ElementSize;
            for (long offset = 0; offset < total; offset += bufferSize)
                yield return (offset, (int)Math.Min(bufferSize, total - offset));
        }

        private void RequireElement<T>()
        {
            if (ScalarTypeOf(typeof(T)) != dtype)
                throw new ArgumentException($"The tensor holds {dtype}, not {typeof(T).Name}.");
        }

        private void RequireCpuContiguous()
        {
            if (!is_cpu())
                throw new InvalidOperationException("Bytes can be reached only in a tensor on the CPU.");
            if (!is_contiguous())
                throw new InvalidOperationException("Bytes can be reached only in a contiguous tensor.");
        }
    }
}
