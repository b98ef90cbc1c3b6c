using System.Runtime.CompilerServices;
using TorchSharp.Native;
using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => Assign(indices, value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => Run("index_put_", this, Argument.Optional(indices), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Assign([i1], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(new TensorIndex[] { i1, i2 });
            set => Assign([i1, i2], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(new TensorIndex[] { i1, i2, i3 });
            set => Assign([i1, i2, i3], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(new TensorIndex[] { i1, i2, i3, i4 });
            set => Assign([i1, i2, i3, i4], value);
        }

        public Tensor index(params Tensor[] indices) => Call("index.Tensor", this, Argument.Optional(indices));

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            if (tensors is null)
                return view;
            using (view)
                return Call("index.Tensor", view, Argument.Optional(tensors));
        }

        private void Assign(TensorIndex[] indices, Tensor value)
        {
            var (view, tensors) = View(indices);
            using (view)
            {
                if (tensors is null)
                    view.copy_(value);
                else
                    Run("index_put_", view, Argument.Optional(tensors), value);
            }
        }

        // Numbers, slices and new axes become a view; tensors are gathered by the dispatcher afterwards, at their axes of that view.
        private (Tensor View, Tensor?[]? Tensors) View(TensorIndex[] indices)
        {
            var used = indices.Count(i => i.Kind is not (TensorIndex.IndexKind.None or TensorIndex.IndexKind.Ellipsis));
            var current = alias();
            var tensors = new List<Tensor?>();
            foreach (var index in indices)
            {
                if (index.Kind == TensorIndex.IndexKind.Ellipsis)
                {
                    tensors.AddRange(new Tensor?[Dimensions - used]);
                    continue;
                }

                var next = Step(current, index, tensors.Count);
                if (index.Kind != TensorIndex.IndexKind.Single)
                    tensors.Add(index.Values);
                if (ReferenceEquals(next, current))
                    continue;
                current.Dispose();
                current = next;
            }

            return (current, tensors.Any(t => t is not null) ? tensors.ToArray() : null);
        }

        private static Tensor Step(Tensor current, TensorIndex index, int axis) => index.Kind switch
        {
            TensorIndex.IndexKind.None => current.unsqueeze(axis),
            TensorIndex.IndexKind.Single => current.select(axis, index.Start ?? 0),
            TensorIndex.IndexKind.Slice when index is not { Start: null, Stop: null, Step: null } =>
                Call("slice.Tensor", current, axis, index.Start, index.Stop, index.Step ?? 1),
            _ => current,
        };
    }
}
