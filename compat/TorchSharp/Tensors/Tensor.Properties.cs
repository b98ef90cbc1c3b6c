using TorchSharp.Native;
using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Bridge.pb_dim(Handle);

        public long ndim => Dimensions;

        public long NumberOfElements => Bridge.pb_numel(Handle);

        public long ElementSize => dtype.ElementSize();

        public ScalarType dtype => (ScalarType)Bridge.pb_dtype(Handle);

        public Device device => Device.Unpack(Bridge.pb_device(Handle));

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_leaf => Bridge.pb_is_leaf(Handle) != 0;

        public Tensor T => Call("numpy_T", this);

        public Tensor mT => Call("mT", this);

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Bridge.pb_dim(Handle)];
                fixed (long* target = sizes)
                    Bridge.pb_sizes(Handle, target);
                return sizes;
            }
        }

        public bool requires_grad
        {
            get => Bridge.pb_requires_grad(Handle) != 0;
            set => requires_grad_(value);
        }

        public unsafe Tensor? grad
        {
            get
            {
                nint handle;
                Bridge.Check(Bridge.pb_grad(Handle, &handle));
                return handle == 0 ? null : Own(handle);
            }
            set => Bridge.Check(Bridge.pb_set_grad(Handle, value is null ? 0 : value.Handle));
        }

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long[] size() => shape;

        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        public unsafe long[] stride()
        {
            var strides = new long[Bridge.pb_dim(Handle)];
            fixed (long* target = strides)
                Bridge.pb_strides(Handle, target);
            return strides;
        }

        public long stride(int dim)
        {
            var strides = stride();
            return strides[dim < 0 ? dim + strides.Length : dim];
        }

        public long storage_offset() => Bridge.pb_storage_offset(Handle);

        public bool is_contiguous() => Bridge.pb_is_contiguous(Handle) != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_pinned() => Bridge.pb_is_pinned(Handle) != 0;

        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

        public bool is_integral() => dtype is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            unsafe
            {
                Bridge.Check(Bridge.pb_set_requires_grad(Handle, requires_grad ? 1 : 0));
            }

            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public unsafe void retain_grad() => Bridge.Check(Bridge.pb_retain_grad(Handle));
    }
}
