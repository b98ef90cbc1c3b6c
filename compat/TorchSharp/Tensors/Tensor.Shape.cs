using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Call("view", this, shape);

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor reshape(params long[] shape) => Call("reshape", this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Call("flatten.using_ints", this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes)
        {
            var full = shape.ToList();
            var at = (int)(dim < 0 ? dim + full.Count : dim);
            full.RemoveAt(at);
            full.InsertRange(at, sizes);
            return view([.. full]);
        }

        public Tensor transpose(long dim0, long dim1) => Call("transpose.int", this, dim0, dim1);

        public Tensor t() => Call("t", this);

        public Tensor permute(params long[] permutation) => Call("permute", this, permutation);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor unsqueeze(long dim) => Call("unsqueeze", this, dim);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Call("squeeze.dim", this, d) : Call("squeeze", this);

        public Tensor expand(params long[] sizes) => Call("expand", this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Call("expand", this, sizes, isImplicit);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor broadcast_to(params long[] shape) => Call("broadcast_to", this, shape);

        public Tensor repeat(params long[] sizes) => Call("repeat", this, sizes);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) => Call("repeat_interleave.self_int", this, repeats, dim, output_size);

        public Tensor narrow(long dim, long start, long length) => Call("narrow", this, dim, start, length);

        public Tensor slice(long dim, long start, long finish, long step) => Call("slice.Tensor", this, dim, start, finish, step);

        public Tensor select(long dim, long index) => Call("select.int", this, dim, index);

        public Tensor[] split(long size, int dim = 0) => CallMany("split.Tensor", this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) => CallMany("split_with_sizes", this, sizes, dim);

        public Tensor[] chunk(long chunks, long dim = 0) => CallMany("chunk", this, chunks, dim);

        public Tensor[] unbind(long dimension = 0) => CallMany("unbind.int", this, dimension);

        public Tensor flip(params long[] dims) => Call("flip", this, dims);

        public Tensor roll(long shifts, long? dims = null) => Call("roll", this, new[] { shifts }, dims is { } d ? new[] { d } : Array.Empty<long>());

        public Tensor tril(long diagonal = 0) => Call("tril", this, diagonal);

        public Tensor triu(long diagonal = 0) => Call("triu", this, diagonal);

        public Tensor diag(long diagonal = 0) => Call("diag", this, diagonal);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Call("diagonal", this, offset, dim1, dim2);

        public Tensor unfold(long dimension, long size, long step) => Call("unfold", this, dimension, size, step);

        public Tensor contiguous() => Call("contiguous", this);

        public Tensor clone() => Call("clone", this);

        public Tensor alias() => Call("alias", this);

        public Tensor detach() => Call("detach", this);

        public Tensor detach_()
        {
            Run("detach_", this);
            return this;
        }
    }
}
