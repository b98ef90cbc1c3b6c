using TorchSharp.Native;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function keeps between forward and backward. Usable only inside the two.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];

            internal AutogradContext()
            {
            }

            internal nint Native { get; set; }

            public bool MaterializeGrads { get; private set; } = true;

            public void save_for_backward(List<Tensor> tensors)
            {
                var handles = Handles.Of(tensors);
                fixed (nint* list = handles)
                    Bridge.Check(Bridge.pb_context_save(Native, list, handles.Length));
            }

            public List<Tensor> get_saved_variables()
            {
                NativeValue* results;
                int count;
                Bridge.Check(Bridge.pb_context_saved(Native, &results, &count));
                return Handles.Take(results, count);
            }

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data[key];

            public void mark_dirty(List<Tensor> tensors) => Mark(tensors, dirty: true);

            public void mark_non_differentiable(List<Tensor> tensors) => Mark(tensors, dirty: false);

            public void set_materialize_grads(bool value)
            {
                MaterializeGrads = value;
                Bridge.pb_context_materialize(Native, value ? 1 : 0);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) => _data.Clear();

            private void Mark(List<Tensor> tensors, bool dirty)
            {
                var handles = Handles.Of(tensors);
                fixed (nint* list = handles)
                    Bridge.Check(Bridge.pb_context_mark(Native, dirty ? 1 : 0, list, handles.Length));
            }
        }
    }
}
